#pragma once

#include <unistd.h>

#include <cstdlib>
#include <cstring>

/// What a function of a fake returns: the number in the variable, unless that says "crash" or
/// "hang".
inline int answer(const char* variable, int otherwise) {
  const char* value = std::getenv(variable);
  if (value == nullptr || *value == '\0') return otherwise;
  if (std::strcmp(value, "crash") == 0) std::abort();
  while (std::strcmp(value, "hang") == 0) pause();
  return std::atoi(value);
}
