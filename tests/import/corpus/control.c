// Control flow: switch with and without fall-through, loops of every kind, break and continue through them, goto.

int plain_switch(int c) {
  switch (c & 7) {
    case 0: return 10;
    case 1:
    case 2: c = 5; break;
    case 3: {
      c *= 2;
      break;
    }
    default: c = -1;
  }
  return c;
}
int fall_through(int c) {
  int n = 0;
  switch (c & 7) {
    case 5: n += 1; /* and on */
    case 4: n += 10;
    case 3:
      n += 100;
      if (c & 8) break;
    case 2: n += 1000; break;
    default: n = 7;
    case 1: n -= 3;
  }
  return n;
}
int switch_in_loop(int n) {
  int s = 0;
  for (int i = 0; i < (n & 31); i++) {
    switch (i % 5) {
      case 0: continue;
      case 3: s += 2; /* fall through */
      case 1:
        s += i;
        break;
      case 4:
        if (s > 60) return s;
    }
    s++;
  }
  return s;
}
int collatz(int n) {
  int steps = 0;
  n &= 0xFFFF;
  while (n > 1) {
    n = n % 2 ? 3 * n + 1 : n / 2;
    ++steps;
  }
  return steps;
}
int do_continue(int n) {
  int i = n & 15, s = 0;
  do {
    if (i % 3 == 0) continue;
    s += i;
    if (s > 40) break;
  } while (i-- > 0);
  return s * 100 + i;
}
int nested_break(int n) {
  int hits = 0;
  for (int i = 0; i < 10; ++i) {
    for (int j = 0;; ++j) {
      if (j > i) break;
      if ((i * j) % 7 == (n & 7)) {
        ++hits;
        continue;
      }
      hits += 3;
      if (j == 5) goto next;
    }
    hits += 100;
  next:;
  }
  return hits;
}
int goto_out(int n) {
  int i, j = 0;
  for (i = 0; i < 20; i++)
    for (j = 0; j < 20; j++)
      if (i * j == (n & 127)) goto found;
  return -1;
found:
  return i * 100 + j;
}
int goto_back(int n) {
  int k = n & 63, s = 0;
again:
  s += k;
  if (k % 3 == 1) {
    k -= 1;
    goto again;
  }
  if (k > 4) {
    k -= 5;
    goto again;
  }
  return s;
}
int state_machine(int n) {
  int steps = 0, x = n & 1023;
start:
  if (steps > 50) goto done;
  ++steps;
  if (x & 1) goto odd;
  x >>= 1;
  if (x == 0) goto done;
  goto start;
odd:
  x = x * 3 - 1;
  if (x > 3000) {
    x -= 2999;
    goto done;
  }
  goto start;
done:
  return steps * 10000 + x;
}
int counting_down(int n) {
  int s = 0;
  for (int i = n & 31; i > 0; i -= 3) s = s * 3 + i;
  for (int i = 10; i >= 0; --i) s ^= i;
  for (unsigned u = n & 7; u-- > 0;) s += u;
  return s;
}
int changes_bound(int n) {
  int s = 0, m = n & 15;
  for (int i = 0; i < m; i++) {
    if (i == 3) m += 2;
    s += i * m;
  }
  return s;
}
int changes_counter(int n) {
  int s = 0;
  for (int i = 0; i < 30; i++) {
    if (i % 4 == (n & 3)) i += 2;
    s += i;
  }
  return s;
}
int side_effects(int n) {
  int i = n & 7, s = 0;
  while (i-- && s < 100) s += i * i;
  if ((i = s % 5) > 2 || ++s > 10) s += 1000;
  return s + i;
}
int recursive(int n) { return (n & 15) < 2 ? 1 : recursive((n & 15) - 1) + recursive((n & 15) - 2); }
int declared_in_blocks(int n) {
  int r = 0;
  { int t = n & 3; r += t; }
  { double t = 1.5; r += (int)(t * 2); }
  for (int t = 0; t < 3; t++) r += t;
  return r;
}

double switch_returns(int n, double x) {
  switch (n & 3) {
  default:
  case 0: return x;
  case 1:
  case 2: x = -x; return x + 1.0;
  case 3: return 0.5;
  }
}
