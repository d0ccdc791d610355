// Structures: by value, by pointer, nested, with arrays, in arrays.
#include <math.h>

typedef struct {
  double x, y, z;
} vec;
typedef struct {
  vec position, velocity;
  double mass;
} body;
typedef struct {
  int count;
  double values[4];
  double matrix[2][2];
} block;

static double dot(vec a, vec b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
double norm(double x, double y, double z) {
  vec v = {x, y, z};
  return sqrt(dot(v, v));
}
double moved(double x, double y) {
  vec v = {x, y, 0}, w;
  w = v;
  w.x += v.y;
  w.z = 3;
  return dot(v, w) + v.x;
}
static void scale(vec *v, double k) {
  v->x *= k;
  v->y *= k;
  v->z *= k;
}
double scaled(double x, double k) {
  vec v = {x, 1, 2};
  scale(&v, k);
  return v.x + v.y + v.z;
}
// inputs: n = int(0, 4)
void advance(body *b, int n, double dt) {
  for (int i = 0; i < n; i++)
    for (int j = i + 1; j < n; j++) {
      double dx = b[i].position.x - b[j].position.x;
      double dy = b[i].position.y - b[j].position.y;
      double d2 = dx * dx + dy * dy + 1e-3;
      double force = dt / (d2 * sqrt(d2));
      b[i].velocity.x -= dx * b[j].mass * force;
      b[j].velocity.x += dx * b[i].mass * force;
    }
}
void fill(block *b, double v) {
  b->count = 0;
  for (int i = 0; i < 4; i++) {
    b->values[i] = v * i;
    b->count++;
  }
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 2; j++) b->matrix[i][j] = b->values[i + j] - v;
}
double filled(double v) {
  block b, c;
  fill(&b, v);
  c = b;
  c.values[1] += 1;
  return b.values[1] + c.values[1] * 2 + c.matrix[1][0] + c.count;
}
