// Answers conformance requests, one a line, from standard input on standard output.
#include <iostream>
#include <string>

#include "ot/conformance.h"

int main() {
  std::ios::sync_with_stdio(false);
  std::string line;
  while (std::getline(std::cin, line)) {
    std::cout << segue::ot::conformance_reply_line(line) << '\n';
    // Whoever waits for these replies before sending more must get them.
    if (std::cin.rdbuf()->in_avail() <= 0) std::cout.flush();
  }
  return std::cin.bad() ? 1 : 0;
}
