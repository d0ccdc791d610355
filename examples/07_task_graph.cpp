// Kernel calls as tasks: the order follows from the arrays that they read and write.

#include <kjit/graph.h>
#include <kjit/kjit.h>

#include <cstdio>
#include <fstream>
#include <span>
#include <string>
#include <vector>

constexpr const char* kSource = R"(
def sample(x, a, b):
    """x = a, a + b, a + 2 b, ..."""
    for i in range(len(x)):
        x[i] = a + b * i

def smooth(x, out):
    for i in range(len(x)):
        left = x[i - 1] if i > 0 else x[i]
        right = x[i + 1] if i + 1 < len(x) else x[i]
        out[i] = (left + x[i] + right) / 3

def difference(x, y, out):
    for i in range(len(x)):
        out[i] = x[i] - y[i]
)";

using Reads = std::span<const double>;
using Writes = std::span<double>;

int main() {
  kjit::Engine engine;
  auto module = engine.load_source(kSource, "tasks.k");
  if (!module) return std::puts(module.error().render().c_str()), 1;
  auto sample = module->function<void(Writes, double, double)>("sample");
  auto smooth = module->function<void(Reads, Writes)>("smooth");
  auto difference = module->function<void(Reads, Reads, Writes)>("difference");
  if (!sample || !smooth || !difference) return 1;

  std::vector<double> a(1000), b(1000), smooth_a(1000), smooth_b(1000), out(1000);
  kjit::TaskGraph graph;
  graph.add("sample a", *sample, a, 0.0, 1.0);
  graph.add("sample b", *sample, b, 1.0, 2.0);
  graph.add("smooth a", *smooth, a, smooth_a);
  graph.add("smooth b", *smooth, b, smooth_b);
  const auto last = graph.add("difference", *difference, smooth_b, smooth_a, out);

  // const arguments are only read: the two samples, and the two smoothings, have nothing to wait for in each other.
  for (const auto task : graph.waits_for(last)) std::printf("difference waits for task %zu\n", task);
  std::ofstream("before.dot") << graph.dot();  // dot -Tpdf before.dot

  const kjit::Executor executor(2);
  if (auto error = graph.run(executor)) return std::puts(error->render().c_str()), 1;
  std::printf("out[500] = %g\n", out[500]);
  std::ofstream("after.svg") << graph.svg();  // with times; any browser shows it

  // A failure keeps what waits for it from running.
  std::vector<double> small(10);
  kjit::TaskGraph failing;
  failing.add("smooth", *smooth, a, small);
  const auto never = failing.add("difference", *difference, small, small, out);
  if (auto error = failing.run(executor)) std::puts(error->message.c_str());
  std::puts(failing.state(never) == kjit::TaskGraph::State::Skipped ? "the difference was skipped" : "it ran");
}
