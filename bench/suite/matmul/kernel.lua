return function(a, b, c)
  local n, m, p = a.shape[1], a.shape[2], b.shape[2]
  local x, y, z = a.data, b.data, c.data
  for i = 0, n - 1 do
    for j = 0, p - 1 do z[i * p + j] = 0 end
    for k = 0, m - 1 do
      local v = x[i * m + k]
      for j = 0, p - 1 do z[i * p + j] = z[i * p + j] + v * y[k * p + j] end
    end
  end
end
