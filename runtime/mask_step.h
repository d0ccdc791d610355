#pragma once
// A step of shapes (kjit_broadcast_extents in runtime.h) that stands last and joins all that there are: the first is that of a
// mask, the last that of the array that it is an index of. IndexError with NumPy's text where these are not equal.

enum { KJIT_MASK_STEP = -(1 << 30) };
