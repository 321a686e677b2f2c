#define BOOST_TEST_MODULE cinnabar
#include <boost/test/unit_test.hpp>
