"""The names of types: as annotations (`n: i64`, `x: f64[:, ::1]`), as dtypes (`np.zeros(n, f32)`), as casts (`u8(x)`) and in
Numba's signatures (`float64(float64, int64)`).

A cast to i64, f64, c128 or boolean gives Python's own number, one to another type NumPy's scalar, which keeps its width in
arithmetic.
"""


class KernelType:
    """A scalar type. `bits` is 0 for boolean."""

    def __init__(self, name, kind, bits):
        self.name = name
        self.kind = kind  # 'b', 'i', 'u', 'f', 'c' as in NumPy
        self.bits = bits

    def __repr__(self):
        return self.name

    def __getitem__(self, dimensions):
        return ArrayType(self, dimensions if isinstance(dimensions, tuple) else (dimensions,))

    def __call__(self, *values):
        if len(values) != 1 or isinstance(values[0], (KernelType, ArrayType)):
            return Signature(self, values)
        return _CASTS.get(self.name, _narrow_cast)(self, values[0])

    @property
    def dtype(self):
        """NumPy looks for this attribute when a type is given as dtype."""
        import numpy
        return numpy.dtype(self.name)


class ArrayType:
    """An array annotation: element type and layout, one slice per dimension."""

    def __init__(self, element, dimensions):
        self.element = element
        self.dimensions = dimensions

    def __repr__(self):
        return f"{self.element}[{', '.join('::1' if part.step == 1 else ':' for part in self.dimensions)}]"

    def __call__(self, *arguments):
        return Signature(self, arguments)


class Signature:
    """float64(float64, int64): a result type and argument types. The decorators accept and ignore it."""

    def __init__(self, result, arguments):
        self.result = result
        self.arguments = arguments

    def __repr__(self):
        return f"{self.result}({', '.join(map(repr, self.arguments))})"


def _narrow_cast(type_, value):
    import numpy
    scalar = getattr(numpy, type_.name)
    if type_.kind in "fc":
        return scalar(value)
    return scalar(_wrapped(int(value), type_))


def _wrapped(value, type_):
    value &= (1 << type_.bits) - 1
    return value - (1 << type_.bits) if type_.kind == "i" and value >> (type_.bits - 1) else value


_CASTS = {
    "int64": lambda type_, value: _wrapped(int(value), type_), "float64": lambda type_, value: float(value),
    "complex128": lambda type_, value: complex(value), "bool": lambda type_, value: bool(value)
}

boolean = bool_ = b1 = KernelType("bool", "b", 0)
i8 = int8 = KernelType("int8", "i", 8)
i16 = int16 = KernelType("int16", "i", 16)
i32 = int32 = KernelType("int32", "i", 32)
i64 = int64 = intp = KernelType("int64", "i", 64)
u8 = uint8 = KernelType("uint8", "u", 8)
u16 = uint16 = KernelType("uint16", "u", 16)
u32 = uint32 = KernelType("uint32", "u", 32)
u64 = uint64 = uintp = KernelType("uint64", "u", 64)
f32 = float32 = KernelType("float32", "f", 32)
f64 = float64 = KernelType("float64", "f", 64)
c64 = complex64 = KernelType("complex64", "c", 64)
c128 = complex128 = KernelType("complex128", "c", 128)
