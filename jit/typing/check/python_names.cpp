// Python's builtins (library reference of Python 3.11, chapters 2 to 5) that are not part of the language. Entry:
// find_python_name.

#include "typing/check/python_names.h"

#include <algorithm>
#include <iterator>

namespace kjit {

namespace {

constexpr std::string_view kFunction = "a function";
constexpr std::string_view kType = "a type";
constexpr std::string_view kException = "an exception";
constexpr std::string_view kConstant = "a constant";

constexpr std::string_view kNoObjects =
    "kernels have numbers, arrays, tuples and strings, no objects: pass what is needed as arguments";
constexpr std::string_view kNoText = "kernels are compiled as a whole and run no text: write the code into a function";
constexpr std::string_view kNoClasses = "kernels have no classes: write functions, and pass the fields as arguments or a tuple";
constexpr std::string_view kNoIterators = "kernels have no iterators: write a for loop over the array, or over its indices";
constexpr std::string_view kTypesAreFixed = "types are known when the kernel is compiled: write one function for each";
constexpr std::string_view kNoWarnings = "kernels give no warnings: print a line";
constexpr std::string_view kInteractive = "it belongs to the interactive interpreter";
constexpr std::string_view kNoBytes = "kernels have no bytes: use a string, or an array, np.zeros(n, dtype=np.uint8)";

constexpr PythonName kNames[] = {
    {"aiter", kFunction, kNoIterators},
    {"anext", kFunction, kNoIterators},
    {"ascii", kFunction, "write an f-string with !a: f\"{x!a}\""},
    {"bin", kFunction, "write an f-string: f\"{n:#b}\""},
    {"breakpoint", kFunction, "print the values, or run the file under Python with the module in python/"},
    {"bytearray", kType, kNoBytes},
    {"bytes", kType, kNoBytes},
    {"callable", kFunction, kTypesAreFixed},
    {"classmethod", kFunction, kNoClasses},
    {"compile", kFunction, kNoText},
    {"copyright", kFunction, kInteractive},
    {"credits", kFunction, kInteractive},
    {"delattr", kFunction, kNoObjects},
    {"dict", kType, "kernels have no dictionaries: use an array indexed by a number"},
    {"dir", kFunction, kNoObjects},
    {"eval", kFunction, kNoText},
    {"exec", kFunction, kNoText},
    {"filter", kFunction, "write a for loop with an if"},
    {"frozenset", kType, "kernels have no sets: use an array of flags, np.zeros(n, dtype=np.bool_)"},
    {"getattr", kFunction, kNoObjects},
    {"globals", kFunction, kNoObjects},
    {"hasattr", kFunction, kTypesAreFixed},
    {"hash", kFunction, "compute a number from the parts, such as (a * 31 + b) % n"},
    {"help", kFunction, kInteractive},
    {"hex", kFunction, "write an f-string: f\"{n:#x}\""},
    {"id", kFunction, "compare arrays with `is`"},
    {"input", kFunction, "pass the value as an argument, or read sys.argv"},
    {"isinstance", kFunction, kTypesAreFixed},
    {"issubclass", kFunction, kNoClasses},
    {"iter", kFunction, kNoIterators},
    {"license", kFunction, kInteractive},
    {"list", kType, "kernels have no lists: make an array of the final size, np.zeros(n), and set its elements"},
    {"locals", kFunction, kNoObjects},
    {"map", kFunction, "write a for loop"},
    {"memoryview", kType, "a slice of an array shares its memory: a[lo:hi]"},
    {"next", kFunction, kNoIterators},
    {"object", kType, kNoClasses},
    {"oct", kFunction, "write an f-string: f\"{n:#o}\""},
    {"open", kFunction, "kernels read no files: pass arrays, on the command line as @file.npy"},
    {"property", kFunction, kNoClasses},
    {"quit", kFunction, "write sys.exit()"},
    {"set", kType, "kernels have no sets: use an array of flags, np.zeros(n, dtype=np.bool_)"},
    {"setattr", kFunction, kNoObjects},
    {"slice", kType, "write the slice where it is used: a[lo:hi:step]"},
    {"sorted", kFunction, "np.sort(a) gives a sorted copy of an array, a.sort() sorts it"},
    {"staticmethod", kFunction, kNoClasses},
    {"super", kFunction, kNoClasses},
    {"type", kType, kTypesAreFixed},
    {"vars", kFunction, kNoObjects},
    {"Ellipsis", kConstant, "name each axis of the array, as in a[:, :, 0]"},
    {"NotImplemented", kConstant, "write `raise NotImplementedError(\"...\")`"},
    {"__build_class__", kFunction, kNoClasses},
    {"__debug__", kConstant, "use a constant of your own"},
    {"__doc__", kConstant, kNoObjects},
    {"__import__", kFunction, "write an import statement"},
    {"__loader__", kConstant, kNoObjects},
    {"__package__", kConstant, kNoObjects},
    {"__spec__", kConstant, kNoObjects},
};

constexpr PythonName kExceptionName = {"", kException, "an exception can only be raised: raise ValueError(\"...\")"};
constexpr PythonName kWarningName = {"", kException, kNoWarnings};
constexpr std::string_view kExceptions[] = {"ArithmeticError",
                                            "AssertionError",
                                            "AttributeError",
                                            "BaseException",
                                            "BaseExceptionGroup",
                                            "BlockingIOError",
                                            "BrokenPipeError",
                                            "BufferError",
                                            "ChildProcessError",
                                            "ConnectionAbortedError",
                                            "ConnectionError",
                                            "ConnectionRefusedError",
                                            "ConnectionResetError",
                                            "EOFError",
                                            "EnvironmentError",
                                            "Exception",
                                            "ExceptionGroup",
                                            "FileExistsError",
                                            "FileNotFoundError",
                                            "FloatingPointError",
                                            "GeneratorExit",
                                            "IOError",
                                            "ImportError",
                                            "IndentationError",
                                            "IndexError",
                                            "InterruptedError",
                                            "IsADirectoryError",
                                            "KeyError",
                                            "KeyboardInterrupt",
                                            "LookupError",
                                            "MemoryError",
                                            "ModuleNotFoundError",
                                            "NameError",
                                            "NotADirectoryError",
                                            "NotImplementedError",
                                            "OSError",
                                            "OverflowError",
                                            "PermissionError",
                                            "ProcessLookupError",
                                            "RecursionError",
                                            "ReferenceError",
                                            "RuntimeError",
                                            "StopAsyncIteration",
                                            "StopIteration",
                                            "SyntaxError",
                                            "SystemError",
                                            "SystemExit",
                                            "TabError",
                                            "TimeoutError",
                                            "TypeError",
                                            "UnboundLocalError",
                                            "UnicodeDecodeError",
                                            "UnicodeEncodeError",
                                            "UnicodeError",
                                            "UnicodeTranslateError",
                                            "ValueError",
                                            "ZeroDivisionError"};
constexpr std::string_view kWarnings[] = {
    "BytesWarning",    "DeprecationWarning", "EncodingWarning", "FutureWarning",  "ImportWarning", "PendingDeprecationWarning",
    "ResourceWarning", "RuntimeWarning",     "SyntaxWarning",   "UnicodeWarning", "UserWarning",   "Warning"};

template <typename Range>
bool has(const Range& range, std::string_view name) {
  return std::find(std::begin(range), std::end(range), name) != std::end(range);
}

}  // namespace

const PythonName* find_python_name(std::string_view name) {
  const auto* found = std::find_if(std::begin(kNames), std::end(kNames), [&](const PythonName& row) { return row.name == name; });
  if (found != std::end(kNames)) return found;
  if (has(kExceptions, name)) return &kExceptionName;
  return has(kWarnings, name) ? &kWarningName : nullptr;
}

}  // namespace kjit
