// Lines from standard input, waited for so that an interrupt always ends the waiting.
#pragma once
#include <string>

namespace command {

// False at the end of the input. Throws Failure when the user interrupts, or when the input cannot be read.
bool readInputLine(std::string& line);
// On a terminal only, without echo.
std::string askTerminal(const char* prompt);

// From the first call an interrupt is noted instead of ending the process.
void watchForInterrupt();
bool isInterrupted();
// Throws Failure once the user has interrupted the command; long work of its own asks this now and then.
void throwIfInterrupted();
void forgetInterrupt();

void wipe(std::string& text);

}  // namespace command
