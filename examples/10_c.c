/* kjit from C: engine, module, a call with an array, an error, and a function that is looked up once. */

#include <kjit/c.h>
#include <stdio.h>

static const char kSource[] =
    "def smooth(x, k):\n"
    "    '''Each value moves by the share k towards its left neighbour; returns the largest step.'''\n"
    "    largest = 0.0\n"
    "    for i in range(1, len(x)):\n"
    "        step = k * (x[i - 1] - x[i])\n"
    "        x[i] += step\n"
    "        largest = max(largest, abs(step))\n"
    "    return largest\n"
    "\n"
    "def at(x, i):\n"
    "    return x[i]\n";

/* Prints what went wrong, frees it, and is the exit code. */
static int failed(kjit_failure* failure) {
  puts(kjit_failure_text(failure));
  kjit_failure_free(failure);
  return 1;
}

int main(void) {
  kjit_engine* engine = NULL;
  kjit_module* module = NULL;
  kjit_result* result = NULL;
  kjit_failure* failure = NULL;
  if (kjit_engine_new(NULL, &engine, &failure) != KJIT_DONE) return failed(failure);
  if (kjit_load_source(engine, kSource, sizeof kSource - 1, "smooth.k", &module, &failure) != KJIT_DONE) return failed(failure);

  /* An array is its memory, shape and strides; null strides are row-major without gaps. Nothing is copied. */
  double numbers[4] = {8, 0, 4, 0};
  const int64_t shape[1] = {4};
  kjit_value args[2] = {{.kind = KJIT_ARRAY_KIND, .as.array = {numbers, shape, NULL, KJIT_F64_KIND, 1}},
                        {.kind = KJIT_F64_KIND, .as.f = 0.5}};
  if (kjit_call(module, "smooth", args, 2, NULL, &result, &failure) != KJIT_DONE) return failed(failure);
  printf("largest step %g, numbers %g %g %g %g\n", kjit_result_value(result)->as.f, numbers[0], numbers[1], numbers[2],
         numbers[3]);
  kjit_result_free(result);

  /* A kernel that fails: the outcome says so, the failure has the rest. */
  args[1] = (kjit_value){.kind = KJIT_I64_KIND, .as.i = 9};
  if (kjit_call(module, "at", args, 2, NULL, &result, &failure) == KJIT_KERNEL_FAILED) {
    puts(kjit_failure_message(failure)); /* kjit_failure_text: with the traceback */
    kjit_failure_free(failure);
  }

  /* Compiled for types that are given as text; then called without a look-up. */
  kjit_function* at = NULL;
  const char* types[2] = {"f64[:]", "i64"};
  if (kjit_find(module, "at", types, 2, &at, &failure) != KJIT_DONE) return failed(failure);
  puts(kjit_function_signature(at));
  args[1].as.i = -1;
  if (kjit_function_call(at, args, 2, NULL, &result, &failure) != KJIT_DONE) return failed(failure);
  printf("the last is %g\n", kjit_result_value(result)->as.f);

  kjit_result_free(result);
  kjit_function_free(at);
  kjit_module_free(module);
  kjit_engine_free(engine);
  return 0;
}
