/* The C interface from C11: everything that goes in and out, and every way in which that can fail. */

#define _POSIX_C_SOURCE 200809L

#include <dirent.h>
#include <kjit/c.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>
#include <unistd.h>

static int failures = 0;

#define CHECK(condition)                                              \
  do {                                                                \
    if (!(condition)) {                                               \
      ++failures;                                                     \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
    }                                                                 \
  } while (0)

static kjit_engine* engine;
static int interpret = 0; /* which of the two executions is tested */

static kjit_module* load(const char* text) {
  kjit_module* module = NULL;
  kjit_failure* failure = NULL;
  if (kjit_load_source(engine, text, strlen(text), "t.k", &module, &failure) != KJIT_DONE) {
    ++failures;
    fprintf(stderr, "%s\n", kjit_failure_text(failure));
  }
  kjit_failure_free(failure);
  return module;
}

static kjit_value integer(int64_t i) {
  kjit_value value = {.kind = KJIT_I64_KIND, .as.i = i};
  return value;
}

/* Calls kernel f of the text; prints why not. */
static kjit_result* call(kjit_module* module, const kjit_value* args, size_t count) {
  kjit_result* result = NULL;
  kjit_failure* failure = NULL;
  if (kjit_call(module, "f", args, count, NULL, &result, &failure) != KJIT_DONE) {
    ++failures;
    fprintf(stderr, "%s\n", kjit_failure_text(failure));
  }
  kjit_failure_free(failure);
  return result;
}

static void every_scalar_goes_in_and_out(void) {
  kjit_module* module = load("def f(x):\n    return x\n");
  const kjit_value values[] = {
      {.kind = KJIT_NONE_KIND},
      {.kind = KJIT_BOOL_KIND, .as.i = 1},
      {.kind = KJIT_I8_KIND, .as.i = -128},
      {.kind = KJIT_I16_KIND, .as.i = 32767},
      {.kind = KJIT_I32_KIND, .as.i = INT32_MIN},
      {.kind = KJIT_I64_KIND, .as.i = INT64_MIN},
      {.kind = KJIT_U8_KIND, .as.u = 255},
      {.kind = KJIT_U16_KIND, .as.u = 65535},
      {.kind = KJIT_U32_KIND, .as.u = UINT32_MAX},
      {.kind = KJIT_U64_KIND, .as.u = UINT64_MAX},
      {.kind = KJIT_F32_KIND, .as.f = 0.5},
      {.kind = KJIT_F64_KIND, .as.f = 0.1},
      {.kind = KJIT_C64_KIND, .as.c = {1.5, -2.5}},
      {.kind = KJIT_C128_KIND, .as.c = {0.1, 0.2}},
  };
  for (size_t i = 0; i < sizeof values / sizeof *values; ++i) {
    kjit_result* result = call(module, &values[i], 1);
    const kjit_value* back = kjit_result_value(result);
    CHECK(back != NULL && back->kind == values[i].kind);
    if (back == NULL || values[i].kind == KJIT_NONE_KIND) {
    } else if (values[i].kind >= KJIT_C64_KIND) {
      CHECK(back->as.c[0] == values[i].as.c[0] && back->as.c[1] == values[i].as.c[1]);
    } else if (values[i].kind >= KJIT_F32_KIND) {
      CHECK(back->as.f == values[i].as.f);
    } else {
      CHECK(back->as.i == values[i].as.i);
    }
    kjit_result_free(result);
  }
  kjit_module_free(module);
}

static void text_and_tuples(void) {
  kjit_module* module = load("def f(t):\n    name, (n, flag) = t\n    return name + '!', (n + 1, not flag), ()\n");
  const kjit_value inner[] = {integer(41), {.kind = KJIT_BOOL_KIND, .as.i = 0}};
  const kjit_value outer[] = {{.kind = KJIT_TEXT_KIND, .as.text = {"caf\xc3\xa9", 5}},
                              {.kind = KJIT_TUPLE_KIND, .as.tuple = {inner, 2}}};
  const kjit_value tuple = {.kind = KJIT_TUPLE_KIND, .as.tuple = {outer, 2}};
  kjit_result* result = call(module, &tuple, 1);
  const kjit_value* value = kjit_result_value(result);
  CHECK(value != NULL && value->kind == KJIT_TUPLE_KIND && value->as.tuple.count == 3);
  if (value != NULL) {
    const kjit_value* items = value->as.tuple.items;
    CHECK(items[0].kind == KJIT_TEXT_KIND && items[0].as.text.size == 6 && strcmp(items[0].as.text.data, "caf\xc3\xa9!") == 0);
    CHECK(items[1].as.tuple.items[0].as.i == 42 && items[1].as.tuple.items[1].as.i == 1);
    CHECK(items[2].kind == KJIT_TUPLE_KIND && items[2].as.tuple.count == 0);
  }
  kjit_result_free(result);
  kjit_module_free(module);
}

/* Every second column of a matrix, from the last row up: strides, and writes that the host sees. */
static void strided_arrays_are_not_copied(void) {
  kjit_module* module = load(
      "def f(a, k):\n    s = 0.0\n    for i in range(a.shape[0]):\n        for j in range(a.shape[1]):\n"
      "            a[i, j] *= k\n            s += a[i, j] * (i + 1)\n    return s\n");
  double matrix[2][4] = {{1, 2, 3, 4}, {5, 6, 7, 8}};
  const int64_t shape[] = {2, 2}, strides[] = {-(int64_t)sizeof matrix[0], 2 * sizeof(double)};
  const kjit_value args[] = {{.kind = KJIT_ARRAY_KIND, .as.array = {matrix[1], shape, strides, KJIT_F64_KIND, 2}},
                             {.kind = KJIT_F64_KIND, .as.f = 10}};
  kjit_result* result = call(module, args, 2);
  CHECK(result != NULL && kjit_result_value(result)->as.f == 50 + 70 + 2 * (10 + 30));
  CHECK(matrix[0][0] == 10 && matrix[0][1] == 2 && matrix[0][2] == 30 && matrix[1][3] == 8 && matrix[1][2] == 70);
  kjit_result_free(result);

  kjit_value fixed[] = {args[0], args[1]};
  fixed[0].flags = KJIT_READ_ONLY;
  kjit_failure* failure = NULL;
  CHECK(kjit_call(module, "f", fixed, 2, NULL, NULL, &failure) == KJIT_KERNEL_FAILED);
  CHECK(strcmp(kjit_failure_kind(failure), "TypeError") == 0 && strstr(kjit_failure_message(failure), "read-only") != NULL);
  CHECK(matrix[0][0] == 10);
  kjit_failure_free(failure);
  kjit_module_free(module);
}

static void returned_arrays_own_their_memory(void) {
  kjit_module* module = load("import numpy as np\ndef f(a):\n    return a[::2], np.arange(6).reshape(2, 3) * 2\n");
  int32_t numbers[] = {1, 2, 3, 4, 5};
  const int64_t shape[] = {5};
  const kjit_value arg = {.kind = KJIT_ARRAY_KIND, .as.array = {numbers, shape, NULL, KJIT_I32_KIND, 1}};
  kjit_result* result = call(module, &arg, 1);
  kjit_module_free(module); /* the result lives on */
  memset(numbers, 0, sizeof numbers);
  if (result != NULL) {
    const kjit_value* items = kjit_result_value(result)->as.tuple.items;
    const int32_t* part = items[0].as.array.data;
    CHECK(items[0].as.array.rank == 1 && items[0].as.array.shape[0] == 3 && items[0].as.array.strides == NULL);
    CHECK(part[0] == 1 && part[1] == 3 && part[2] == 5);
    const int64_t* table = items[1].as.array.data;
    CHECK(items[1].as.array.element == KJIT_I64_KIND && items[1].as.array.shape[1] == 3 && table[5] == 10);
  }
  kjit_result_free(result);
}

static void functions_know_their_signature(void) {
  kjit_module* module = load("def f(x, k: float):\n    x[0] = k\n    return len(x)\n\ndef g():\n    pass\n");
  CHECK(kjit_module_kernel_count(module) == 2 && strcmp(kjit_module_kernel_name(module, 1), "g") == 0);
  CHECK(kjit_module_kernel_name(module, 2) == NULL);
  kjit_function* function = NULL;
  const char* types[] = {"f32[:]", "f64"};
  CHECK(kjit_find(module, "f", types, 2, &function, NULL) == KJIT_DONE);
  kjit_module_free(module); /* the function lives on */
  CHECK(strcmp(kjit_function_signature(function), "f(x: f32[:], k: f64) -> i64") == 0);
  CHECK(strcmp(kjit_function_result_type(function), "i64") == 0 && kjit_function_parameter_count(function) == 2);
  CHECK(strcmp(kjit_function_parameter_name(function, 0), "x") == 0);
  CHECK(strcmp(kjit_function_parameter_type(function, 0), "f32[:]") == 0);
  CHECK(kjit_function_parameter_written(function, 0) == 1 && kjit_function_parameter_written(function, 1) == 0);
  CHECK(kjit_function_parameter_name(function, 2) == NULL);

  float numbers[3] = {0};
  const int64_t shape[] = {3};
  const kjit_value args[] = {{.kind = KJIT_ARRAY_KIND, .as.array = {numbers, shape, NULL, KJIT_F32_KIND, 1}}, integer(2)};
  kjit_result* result = NULL;
  CHECK(kjit_function_call(function, args, 2, NULL, &result, NULL) == KJIT_DONE);
  CHECK(kjit_result_value(result)->as.i == 3 && numbers[0] == 2.0F);
  kjit_result_free(result);
  kjit_failure* failure = NULL;
  CHECK(kjit_function_call(function, args, 1, NULL, NULL, &failure) == KJIT_KERNEL_FAILED);
  CHECK(strstr(kjit_failure_message(failure), "wants 2 arguments, not 1") != NULL);
  kjit_failure_free(failure);
  kjit_function_free(function);
}

static void mistakes_of_the_source(void) {
  kjit_module* module = NULL;
  kjit_failure* failure = NULL;
  CHECK(kjit_load_source(engine, "def f(:\n", 8, "wrong.k", &module, &failure) == KJIT_BAD_SOURCE && module == NULL);
  CHECK(strstr(kjit_failure_text(failure), "wrong.k:1:6: error[") != NULL);
  kjit_failure_free(failure);
  failure = NULL;
  CHECK(kjit_load_file(engine, "/nowhere/f.k", &module, &failure) == KJIT_BAD_SOURCE && module == NULL);
  kjit_failure_free(failure);

  module = load("def f(x):\n    return x + 'a'\n");
  kjit_function* function = NULL;
  const char* type = "i64";
  CHECK(kjit_find(module, "f", &type, 1, &function, &failure) == KJIT_BAD_SOURCE && function == NULL);
  CHECK(strstr(kjit_failure_text(failure), "t.k:2:") != NULL);
  kjit_failure_free(failure);
  const char* unknown = "float";
  CHECK(kjit_find(module, "f", &unknown, 1, &function, &failure) == KJIT_BAD_SOURCE);
  CHECK(strstr(kjit_failure_message(failure), "kernels have no type float") != NULL);
  kjit_failure_free(failure);
  const kjit_value one = integer(1);
  CHECK(kjit_call(module, "nobody", &one, 1, NULL, NULL, &failure) == KJIT_BAD_SOURCE);
  CHECK(strstr(kjit_failure_text(failure), "nobody") != NULL);
  kjit_failure_free(failure);
  CHECK(strstr(kjit_module_diagnostics(module), "error[") != NULL);
  kjit_module_free(module);
}

static void failing_kernels(void) {
  kjit_module* module = load("import numpy as np\ndef g(x, i):\n    return x[i]\n\ndef f(i):\n    return g(np.zeros(3), i)\n");
  const kjit_value five = integer(5);
  kjit_result* result = NULL;
  kjit_failure* failure = NULL;
  CHECK(kjit_call(module, "f", &five, 1, NULL, &result, &failure) == KJIT_KERNEL_FAILED && result == NULL);
  CHECK(strcmp(kjit_failure_kind(failure), "IndexError") == 0 && kjit_failure_exit_code(failure) == 1);
  CHECK(strncmp(kjit_failure_text(failure), "Traceback (most recent call last):\n", 35) == 0);
  kjit_frame frame;
  CHECK(kjit_failure_frame_count(failure) == 2 && kjit_failure_frame(failure, 1, &frame) == KJIT_DONE);
  CHECK(strcmp(frame.kernel, "g") == 0 && strcmp(frame.source, "return x[i]") == 0);
  CHECK(kjit_failure_frame(failure, 2, &frame) == KJIT_BAD_ARGUMENT);
  kjit_failure_free(failure);
  kjit_module_free(module);
}

static void wrong_arguments(void) {
  kjit_module* module = load("def f(x):\n    return x\n");
  double number = 0;
  const int64_t shape[] = {1}, negative[] = {-1}, odd[] = {7};
  const kjit_value wrong[] = {
      {.kind = 17},
      {.kind = -1},
      {.kind = KJIT_I8_KIND, .as.i = 128},
      {.kind = KJIT_U16_KIND, .as.u = 65536},
      {.kind = KJIT_ARRAY_KIND, .as.array = {&number, shape, NULL, KJIT_TEXT_KIND, 1}},
      {.kind = KJIT_ARRAY_KIND, .as.array = {&number, shape, NULL, KJIT_F64_KIND, 33}},
      {.kind = KJIT_ARRAY_KIND, .as.array = {&number, NULL, NULL, KJIT_F64_KIND, 1}},
      {.kind = KJIT_ARRAY_KIND, .as.array = {&number, negative, NULL, KJIT_F64_KIND, 1}},
      {.kind = KJIT_ARRAY_KIND, .as.array = {NULL, shape, NULL, KJIT_F64_KIND, 1}},
      {.kind = KJIT_ARRAY_KIND, .as.array = {(char*)&number + 1, shape, NULL, KJIT_F64_KIND, 1}},
      {.kind = KJIT_ARRAY_KIND, .as.array = {&number, shape, odd, KJIT_F64_KIND, 1}},
      {.kind = KJIT_TUPLE_KIND, .as.tuple = {NULL, 1}},
      {.kind = KJIT_TEXT_KIND, .as.text = {NULL, 1}},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
    kjit_failure* failure = NULL;
    CHECK(kjit_call(module, "f", &wrong[i], 1, NULL, NULL, &failure) == KJIT_BAD_ARGUMENT);
    CHECK(strncmp(kjit_failure_message(failure), "argument 1: ", 12) == 0);
    kjit_failure_free(failure);
  }
  kjit_failure* failure = NULL;
  CHECK(kjit_call(NULL, "f", NULL, 0, NULL, NULL, &failure) == KJIT_BAD_ARGUMENT);
  kjit_failure_free(failure);
  CHECK(kjit_call(module, "f", NULL, 1, NULL, NULL, NULL) == KJIT_BAD_ARGUMENT);
  kjit_call_options options = {0};
  CHECK(kjit_call(module, "f", NULL, 0, &options, NULL, NULL) == KJIT_BAD_ARGUMENT);
  CHECK(kjit_engine_new(NULL, NULL, NULL) == KJIT_BAD_ARGUMENT);
  kjit_module_free(module);
  kjit_module_free(NULL);
  kjit_failure_free(NULL);
  kjit_result_free(NULL);
  kjit_function_free(NULL);
  kjit_cancel_free(NULL);
}

static void collect(void* user, const char* text, size_t size) { strncat(user, text, size); }

static void request_cancel(void* user, const kjit_progress* progress) {
  (void)progress;
  kjit_cancel_request(user);
}

static int cancel_soon(void* cancel) {
  thrd_sleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
  kjit_cancel_request(cancel);
  return 0;
}

static void options_of_a_call(void) {
  kjit_module* module = load(
      "import random\nfrom kjit import njit, prange\n\ndef f(n):\n    print('n is', n)\n    return random.random()\n\n"
      "def forever():\n    n = 0\n    while True:\n        n += 1\n\n"
      "@njit(parallel=True)\ndef long():\n    s = 0.0\n    for i in prange(1000000000000):\n        s += i % 7\n"
      "    return s\n");
  char printed[64] = "";
  kjit_call_options options;
  kjit_call_options_init(&options);
  options.seed = 7;
  options.stream = 0;
  options.write = collect;
  options.user = printed;
  const kjit_value three = integer(3);
  double draws[2] = {0, 1};
  for (int i = 0; i < 2; ++i) {
    kjit_result* result = NULL;
    CHECK(kjit_call(module, "f", &three, 1, &options, &result, NULL) == KJIT_DONE);
    draws[i] = kjit_result_value(result)->as.f;
    kjit_result_free(result);
  }
  CHECK(draws[0] == draws[1] && strcmp(printed, "n is 3\nn is 3\n") == 0);

  kjit_failure* failure = NULL;
  kjit_call_options_init(&options);
  options.timeout = 0.05;
  CHECK(kjit_call(module, "forever", NULL, 0, &options, NULL, &failure) == KJIT_KERNEL_FAILED);
  CHECK(strcmp(kjit_failure_kind(failure), "TimeoutError") == 0 && kjit_failure_exit_code(failure) == 124);
  kjit_failure_free(failure);

  options.timeout = 60; /* both: the clock hands the request on */
  for (int both = 0; both < 2; ++both, options.timeout = 0) {
    options.cancel = kjit_cancel_new();
    thrd_t thread;
    thrd_create(&thread, cancel_soon, options.cancel);
    failure = NULL;
    CHECK(kjit_call(module, "forever", NULL, 0, &options, NULL, &failure) == KJIT_KERNEL_FAILED);
    CHECK(strcmp(kjit_failure_kind(failure), "Cancelled") == 0);
    thrd_join(thread, NULL);
    CHECK(kjit_cancel_requested(options.cancel));
    kjit_failure_free(failure);
    kjit_cancel_free(options.cancel);
  }

  if (!interpret) { /* the interpreter tells no progress */
    options.cancel = kjit_cancel_new();
    options.progress = request_cancel;
    options.user = options.cancel;
    failure = NULL;
    CHECK(kjit_call(module, "long", NULL, 0, &options, NULL, &failure) == KJIT_KERNEL_FAILED);
    CHECK(strcmp(kjit_failure_kind(failure), "Cancelled") == 0);
    kjit_failure_free(failure);
    kjit_cancel_free(options.cancel);
  }
  kjit_module_free(module);
}

static void scripts(void) {
  kjit_module* module = load("import sys\nprint(len(sys.argv), int(sys.argv[1]) + 1)\n");
  char printed[64] = "";
  const char* argv[] = {"t.k", "41"};
  kjit_call_options options;
  kjit_call_options_init(&options);
  options.write = collect;
  options.user = printed;
  options.argv = argv;
  options.argc = 2;
  kjit_failure* failure = NULL;
  const kjit_outcome outcome = kjit_run_script(module, &options, &failure);
  if (outcome != KJIT_DONE) fprintf(stderr, "%s\n", kjit_failure_text(failure));
  CHECK(outcome == KJIT_DONE && strcmp(printed, "2 42\n") == 0);
  kjit_failure_free(failure);
  kjit_module_free(module);
}

/* One module from several threads. */
static int sum_to_1000(void* module) {
  for (int i = 0; i < 200; ++i) {
    kjit_result* result = NULL;
    const kjit_value n = integer(1000);
    if (kjit_call(module, "f", &n, 1, NULL, &result, NULL) != KJIT_DONE || kjit_result_value(result)->as.i != 499500) return 1;
    kjit_result_free(result);
  }
  return 0;
}

static void threads(void) {
  kjit_module* module = load("def f(n):\n    s = 0\n    for i in range(n):\n        s += i\n    return s\n");
  thrd_t all[4];
  for (int i = 0; i < 4; ++i) thrd_create(&all[i], sum_to_1000, module);
  for (int i = 0; i < 4; ++i) {
    int wrong = 1;
    thrd_join(all[i], &wrong);
    CHECK(wrong == 0);
  }
  kjit_module_free(module);
}

/* Removes what is in a folder; the number of its entries. */
static int emptied(const char* folder) {
  int entries = 0;
  DIR* open = opendir(folder);
  CHECK(open != NULL);
  for (const struct dirent* entry; open != NULL && (entry = readdir(open)) != NULL;) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    if (unlink(path) != 0) {
      emptied(path);
      CHECK(rmdir(path) == 0);
    }
    ++entries;
  }
  if (open != NULL) closedir(open);
  return entries;
}

static void the_disk_cache_is_an_option(void) {
  char folder[] = "/tmp/kjit-capi-XXXXXX";
  CHECK(mkdtemp(folder) != NULL);
  setenv("KJIT_CACHE_DIR", folder, 1);
  unsetenv("KJIT_CACHE");
  for (int on = 0; on < 2; ++on) {
    kjit_engine_options options;
    kjit_engine_options_init(&options);
    CHECK(options.disk_cache == 1);
    options.disk_cache = on;
    CHECK(kjit_engine_new(&options, &engine, NULL) == KJIT_DONE);
    kjit_module* module = load("def f(x):\n    return x + 1\n");
    const kjit_value argument = integer(41);
    kjit_result* result = call(module, &argument, 1);
    CHECK(result != NULL && kjit_result_value(result)->as.i == 42);
    kjit_result_free(result);
    kjit_module_free(module);
    kjit_engine_free(engine);
    CHECK((emptied(folder) > 0) == (on == 1));
  }
  CHECK(rmdir(folder) == 0);
}

int main(void) {
  CHECK(kjit_check_version(KJIT_VERSION_MAJOR, KJIT_VERSION_MINOR, KJIT_VERSION_PATCH) == 1);
  CHECK(kjit_check_version(KJIT_VERSION_MAJOR, KJIT_VERSION_MINOR + 1, 0) == 0);
  CHECK(strcmp(kjit_version(), KJIT_VERSION) == 0);
  for (; interpret < 2; ++interpret) {
    kjit_engine_options options;
    kjit_engine_options_init(&options);
    options.interpret = interpret;
    CHECK(kjit_engine_new(&options, &engine, NULL) == KJIT_DONE);
    every_scalar_goes_in_and_out();
    text_and_tuples();
    strided_arrays_are_not_copied();
    returned_arrays_own_their_memory();
    functions_know_their_signature();
    mistakes_of_the_source();
    failing_kernels();
    wrong_arguments();
    options_of_a_call();
    scripts();
    threads();
    kjit_engine_free(engine);
  }
  the_disk_cache_is_an_option();
  return failures == 0 ? 0 : 1;
}
