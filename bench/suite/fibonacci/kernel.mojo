@export("kernel")
def kernel(n: Int) abi("C") -> Int:
    if n < 2:
        return n
    return kernel(n - 1) + kernel(n - 2)
