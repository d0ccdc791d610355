comptime Array = UnsafePointer[Float64, MutAnyOrigin]


@export("kernel")
def kernel(x: Array, n: Int, y: Array, n1: Int, out_: Array, n2: Int, a: Float64) abi("C"):
    for i in range(n):
        out_[i] = a * x[i] + y[i]
