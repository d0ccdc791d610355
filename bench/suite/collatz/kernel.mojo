def steps(start: Int) -> Int:
    var n = start
    var count = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        count += 1
    return count


@export("kernel")
def kernel(limit: Int) abi("C") -> Int:
    var longest = 0
    for start in range(1, limit):
        longest = max(longest, steps(start))
    return longest
