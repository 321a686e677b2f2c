// Results for people: aligned tables, Chinese characters counted as wide as they are.
#pragma once
#include <string>
#include <vector>

#include "library.h"

namespace command {

std::size_t widthOf(const std::string& utf8);
std::string padded(const std::string& utf8, std::size_t width);
std::string plain(const json& value);  // one cell
void printTable(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows);
void printRecord(const json& record);
void printEntity(const json& entity);
void printPeople(const json& result);  // any result, in the form that fits

}  // namespace command
