// Task graphs: edges from the data, order, failures, cancelling, pictures.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <thread>
#include <vector>

#include "kjit/graph.h"
#include "kjit/kjit.h"

namespace kjit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Reader = std::span<const double>;
using Writer = std::span<double>;

constexpr const char* kText = R"(
def fill(x, v):
    for i in range(len(x)):
        x[i] = v + i
def add(a, b, out):
    if a[0] < 0:
        raise ValueError("negative")
    for i in range(len(a)):
        out[i] = a[i] + b[i]
def forever(x):
    i = 0
    while x[0] >= 0:
        i = (i + 1) % len(x)
        x[i] = 1
)";

class Graph : public testing::TestWithParam<int> {
 protected:
  Engine engine;
  Module module = *engine.load_source(kText, "t.k");
  Function<void(Writer, double)> fill = *module.function<void(Writer, double)>("fill");
  Function<void(Reader, Reader, Writer)> add = *module.function<void(Reader, Reader, Writer)>("add");
  std::vector<double> a = std::vector<double>(100), b = a, c = a, d = a;
};
INSTANTIATE_TEST_SUITE_P(Jobs, Graph, testing::Values(1, 2, 4));

TEST_P(Graph, EdgesFollowFromTheData) {
  TaskGraph graph;
  graph.add("a", fill, a, 1.0);
  graph.add("b", fill, b, 2.0);
  graph.add("c = a + b", add, a, b, c);
  graph.add("d = a + a", add, a, a, d);
  graph.add("a again", fill, a, 5.0);
  graph.add("half of d", fill, Writer(d).subspan(50), 0.0);
  graph.add("other half", fill, Writer(d).first(50), 0.0);
  EXPECT_THAT(graph.waits_for(1), ElementsAre());
  EXPECT_THAT(graph.waits_for(2), ElementsAre(0, 1));
  EXPECT_THAT(graph.waits_for(3), ElementsAre(0));
  EXPECT_THAT(graph.waits_for(4), ElementsAre(0, 2, 3));
  EXPECT_THAT(graph.waits_for(5), ElementsAre(3));
  EXPECT_THAT(graph.waits_for(6), ElementsAre(3));
  const Executor executor(GetParam());
  for (int repeat = 0; repeat < 30; ++repeat) {
    const auto error = graph.run(executor);
    ASSERT_FALSE(error) << error->render();
    EXPECT_EQ(c[99], 1 + 99 + 2 + 99);
    EXPECT_EQ(a[99], 5 + 99);
    EXPECT_EQ(d[99], 49);
    for (TaskGraph::Task later = 0; later < graph.size(); ++later) {
      EXPECT_EQ(graph.state(later), TaskGraph::State::Done);
      for (const TaskGraph::Task earlier : graph.waits_for(later)) EXPECT_LE(graph.end_ms(earlier), graph.begin_ms(later));
    }
  }
}

TEST_P(Graph, AFailureSkipsWhatWaitsForIt) {
  TaskGraph graph;
  graph.add("a", fill, a, -1.0);
  graph.add("c", add, a, b, c);
  graph.add("d", add, c, b, d);
  const auto last = graph.add("b", fill, b, 0.0);
  const Executor executor(GetParam());
  const auto error = graph.run(executor);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->message, "task c: ValueError: negative");
  EXPECT_EQ(graph.state(0), TaskGraph::State::Done);
  EXPECT_EQ(graph.state(1), TaskGraph::State::Failed);
  EXPECT_EQ(graph.state(2), TaskGraph::State::Skipped);
  EXPECT_EQ(graph.state(last), TaskGraph::State::Skipped);  // it writes what d reads
}

TEST_P(Graph, AfterAddsAnEdge) {
  TaskGraph graph;
  const auto first = graph.add("a", fill, a, 1.0), second = graph.add("b", fill, b, 1.0);
  EXPECT_THAT(graph.waits_for(second), ElementsAre());
  graph.after(second, first);
  graph.after(second, first);
  EXPECT_THAT(graph.waits_for(second), ElementsAre(first));
  EXPECT_THROW(graph.after(first, second), std::invalid_argument);
}

TEST_P(Graph, IsDrawnBeforeAndAfter) {
  TaskGraph graph;
  graph.add("load \"x\" <1>", fill, a, 1.0);
  graph.add("middle", add, a, b, c);
  graph.add("end", add, a, c, d);
  const std::string before = graph.dot();
  EXPECT_THAT(before, HasSubstr("t0 [label=\"load \\\"x\\\" <1>\""));
  EXPECT_THAT(before, HasSubstr("t0 -> t1;\n  t1 -> t2;\n}"));  // t0 -> t2 is implied
  EXPECT_THAT(before, testing::Not(HasSubstr(" ms")));
  EXPECT_THAT(graph.svg(), HasSubstr("load &quot;x&quot; &lt;1&gt;</text>"));
  ASSERT_FALSE(graph.run(Executor(GetParam())));
  EXPECT_THAT(graph.dot(), HasSubstr(" ms\", fillcolor=\"#d5f0d5\""));
  EXPECT_THAT(graph.svg(), HasSubstr(" ms</text>"));
  EXPECT_THAT(TaskGraph().dot(), HasSubstr("digraph"));
}

TEST(GraphThreads, CancelStopsWhatRunsAndSkipsTheRest) {
  Engine engine;
  Module module = *engine.load_source(kText, "t.k");
  auto forever = *module.function<void(Writer)>("forever");
  std::vector<double> x(10);
  TaskGraph graph;
  graph.add("forever", forever, x);
  graph.add("never", forever, x);
  std::jthread canceller([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    graph.cancel();
  });
  const auto error = graph.run(Executor(2));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->run->kind, "Cancelled");
  EXPECT_EQ(graph.state(1), TaskGraph::State::Skipped);
}

}  // namespace
}  // namespace kjit
