#pragma once
// The functions that are not kjit's and that the kernels of one engine can call: what the host has registered, and C libraries.

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "kjit/host_function.h"
#include "runtime/abi.h"
#include "support/diagnostics.h"
#include "typing/module_set.h"

namespace kjit {

// Thread rule: any member may be called from any thread at any time. Addresses stay valid until the end.
class ForeignFunctions {
 public:
  // An error if there is a function of that name, or kernels could not call it by this name.
  std::optional<Error> add(detail::HostFunction function);
  // Tells the modules what the host has registered so far, and the sink which libraries and functions of @extern declarations are
  // not there.
  void add_to(ModuleSet& modules, Diagnostics& diags);
  // The kjit_host_function of "host f", or the C function of "extern libm.so.6 cbrt". A function that the host has not registered
  // has an address, too: calling it is a NameError. Null if a C function is not there.
  void* resolve(std::string_view name);
  // The same for "kjit.host f"; null for other symbols.
  void* resolve_symbol(std::string_view symbol);

 private:
  struct Entry {
    kjit_host_function function{};
    std::string name;
    std::shared_ptr<void> state;
    std::optional<HostSignature> signature;  // nullopt: not registered
  };
  Entry& entry_of(const std::string& name);
  void* find_c_function(const std::string& library, const std::string& name, std::string& problem);

  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Entry>> host_;
  std::map<std::string, void*> libraries_;  // never closed: machine code may call them
};

}  // namespace kjit
