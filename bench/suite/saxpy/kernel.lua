return function(x, y, out, a)
  local p, q, r = x.data, y.data, out.data
  for i = 0, out.shape[1] - 1 do r[i] = a * p[i] + q[i] end
end
