// The table of vector forms. Entry: kjit_vector_forms.

#include <vector>

#include "runtime/vector_math/vector_math.h"

#if defined(__x86_64__)

// The entries are seen as addresses only: their types are those of other CPUs than this file is compiled for.
extern "C" {
#define KJIT_VECTOR1(name)               \
  void _ZGVdN4v_kjit_vm_##name(void);    \
  void _ZGVdN8v_kjit_vm_##name##f(void); \
  void _ZGVeN8v_kjit_vm_##name(void);    \
  void _ZGVeN16v_kjit_vm_##name##f(void);
#define KJIT_VECTOR2(name)                \
  void _ZGVdN4vv_kjit_vm_##name(void);    \
  void _ZGVdN8vv_kjit_vm_##name##f(void); \
  void _ZGVeN8vv_kjit_vm_##name(void);    \
  void _ZGVeN16vv_kjit_vm_##name##f(void);
#include "runtime/vector_math.def"
}

namespace {

// The letters of the vector function ABI.
constexpr const char* feature_of(char isa) { return isa == 'd' ? "avx2,+fma" : "avx512f,+avx512dq"; }

#define KJIT_FORM(isa, width, v, name)                                                                        \
  kjit_vector_form {                                                                                          \
    "kjit_vm_" #name, "_ZGV" #isa "N" #width #v "_kjit_vm_" #name, "N" #width #v, feature_of(#isa[0]), width, \
        reinterpret_cast<void*>(_ZGV##isa##N##width##v##_kjit_vm_##name)                                      \
  }

std::vector<kjit_vector_form> find_forms() {
  std::vector<kjit_vector_form> forms;
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
#define KJIT_VECTOR1(name)                   \
  forms.push_back(KJIT_FORM(d, 4, v, name)); \
  forms.push_back(KJIT_FORM(d, 8, v, name##f));
#define KJIT_VECTOR2(name)                    \
  forms.push_back(KJIT_FORM(d, 4, vv, name)); \
  forms.push_back(KJIT_FORM(d, 8, vv, name##f));
#include "runtime/vector_math.def"
  }
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) {
#define KJIT_VECTOR1(name)                   \
  forms.push_back(KJIT_FORM(e, 8, v, name)); \
  forms.push_back(KJIT_FORM(e, 16, v, name##f));
#define KJIT_VECTOR2(name)                    \
  forms.push_back(KJIT_FORM(e, 8, vv, name)); \
  forms.push_back(KJIT_FORM(e, 16, vv, name##f));
#include "runtime/vector_math.def"
  }
  return forms;
}

}  // namespace

extern "C" const kjit_vector_form* kjit_vector_forms(int32_t* count) {
  static const std::vector<kjit_vector_form> forms = find_forms();
  *count = static_cast<int32_t>(forms.size());
  return forms.data();
}

#else

extern "C" const kjit_vector_form* kjit_vector_forms(int32_t* count) {
  *count = 0;
  return nullptr;
}

#endif
