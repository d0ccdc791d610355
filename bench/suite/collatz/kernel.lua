return function(limit)
  local longest = 0
  for start = 1, limit - 1 do
    local n, count = start, 0
    while n ~= 1 do
      if n % 2 == 0 then n = n / 2 else n = 3 * n + 1 end
      count = count + 1
    end
    if count > longest then longest = count end
  end
  return longest
end
