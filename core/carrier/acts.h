// The acts by name; each reads what is given, checks, then writes.
#pragma once
#include "core/carrier/given.h"

namespace cinnabar::carrier {

void make(Book& book, Given& given);
void copy(Book& book, Given& given);

void send(Book& book, Given& given);
void receive(Book& book, Given& given);
void handOver(Book& book, Given& given);
void giveBack(Book& book, Given& given);
void archive(Book& book, Given& given);
void lose(Book& book, Given& given);
void find(Book& book, Given& given);

void read(Book& book, Given& given);
void carryOut(Book& book, Given& given);
void bringBack(Book& book, Given& given);

void takeInventory(Book& book, Given& given);

void listForDestruction(Book& book, Given& given);
void approveDestruction(Book& book, Given& given);
void fileDestruction(Book& book, Given& given);
void destroy(Book& book, Given& given);

}  // namespace cinnabar::carrier
