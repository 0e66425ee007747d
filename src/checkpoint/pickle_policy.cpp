#include "checkpoint/pickle_policy.h"

#include <algorithm>
#include <array>

namespace animate::checkpoint::pickle {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::array kContainers = {"set"sv,     "frozenset"sv, "dict"sv,  "list"sv,  "tuple"sv,
                                    "complex"sv, "bytearray"sv, "bytes"sv, "slice"sv, "range"sv,
                                    "int"sv,     "float"sv,     "str"sv,   "bool"sv,  "object"sv};

// Modules of which no function has any business in a file of numbers.
constexpr std::array kForbiddenModules = {"os"sv,          "posix"sv,     "nt"sv,         "posixpath"sv,
                                          "ntpath"sv,      "sys"sv,       "subprocess"sv, "_posixsubprocess"sv,
                                          "importlib"sv,   "imp"sv,       "runpy"sv,      "shutil"sv,
                                          "socket"sv,      "_socket"sv,   "ctypes"sv,     "_ctypes"sv,
                                          "pty"sv,         "commands"sv,  "popen2"sv,     "webbrowser"sv,
                                          "operator"sv,    "_operator"sv, "functools"sv,  "_functools"sv,
                                          "code"sv,        "codeop"sv,    "pickle"sv,     "_pickle"sv,
                                          "cPickle"sv,     "marshal"sv,   "tempfile"sv,   "multiprocessing"sv,
                                          "asyncio"sv,     "pdb"sv,       "bdb"sv,        "timeit"sv,
                                          "cProfile"sv,    "doctest"sv,   "pip"sv,        "ensurepip"sv,
                                          "venv"sv,        "zipimport"sv, "pkgutil"sv,    "atexit"sv,
                                          "urllib2"sv,     "ftplib"sv,    "smtplib"sv,    "telnetlib"sv,
                                          "requests"sv,    "fileinput"sv, "linecache"sv,  "pydoc"sv,
                                          "antigravity"sv, "idlelib"sv,   "distutils"sv,  "setuptools"sv,
                                          "sqlite3"sv};

// These are reached through other modules too, as in torch.serialization.os.system.
constexpr std::array kForbiddenAnywhere = {"os"sv,        "posix"sv,    "nt"sv,          "subprocess"sv,
                                           "sys"sv,       "builtins"sv, "__builtin__"sv, "__builtins__"sv,
                                           "importlib"sv, "shutil"sv,   "ctypes"sv};

template <size_t N>
bool contains(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool mentions_system(std::string_view dotted) {
  while (!dotted.empty()) {
    const size_t dot = dotted.find('.');
    if (contains(kForbiddenAnywhere, dotted.substr(0, dot))) return true;
    dotted.remove_prefix(dot == std::string_view::npos ? dotted.size() : dot + 1);
  }
  return false;
}

bool is_known(std::string_view module, std::string_view name) {
  if (module == "collections") return name == "OrderedDict" || name == "defaultdict";
  if (module == "torch._utils") {
    return name == "_rebuild_tensor_v2" || name == "_rebuild_tensor" || name == "_rebuild_parameter";
  }
  return module == "torch" && (name == "Size" || name.ends_with("Storage"));
}

}  // namespace

Trust trust_in(std::string_view module, std::string_view name) {
  if (module == "builtins" || module == "__builtin__") {
    return contains(kContainers, name) ? Trust::Known : Trust::Forbidden;
  }
  if (is_known(module, name)) return Trust::Known;
  if (contains(kForbiddenModules, module.substr(0, module.find('.')))) return Trust::Forbidden;
  // The last part of `name` is the function itself, which may be called anything.
  const size_t last = name.rfind('.');
  const bool reaches = last != std::string_view::npos && mentions_system(name.substr(0, last));
  return mentions_system(module) || reaches ? Trust::Forbidden : Trust::Foreign;
}

}  // namespace animate::checkpoint::pickle
