#include <cstdint>

extern "C" void kernel(const int64_t* neighbours, int64_t, int64_t* queue, int64_t, int64_t* distance, int64_t n,
                       int64_t degree) {
  for (int64_t i = 0; i < n; ++i) distance[i] = -1;
  distance[0] = 0;
  queue[0] = 0;
  for (int64_t head = 0, tail = 1; head < tail;) {
    const int64_t node = queue[head++];
    for (int64_t k = node * degree; k < (node + 1) * degree; ++k)
      if (const int64_t other = neighbours[k]; distance[other] < 0) {
        distance[other] = distance[node] + 1;
        queue[tail++] = other;
      }
  }
}
