local function is_prime(n)
  if n < 2 then return false end
  if n < 4 then return true end
  if n % 2 == 0 or n % 3 == 0 then return false end
  local divisor = 5
  while divisor * divisor <= n do
    if n % divisor == 0 or n % (divisor + 2) == 0 then return false end
    divisor = divisor + 6
  end
  return true
end

return function(limit)
  local total = 0
  for n = 2, limit do
    if is_prime(n) then total = total + n end
  end
  return total
end
