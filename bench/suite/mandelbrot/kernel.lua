local function escape_time(cr, ci, limit)
  local zr, zi = 0.0, 0.0
  for step = 0, limit - 1 do
    local zr2, zi2 = zr * zr, zi * zi
    if zr2 + zi2 > 4.0 then return step end
    zi = 2.0 * zr * zi + ci
    zr = zr2 - zi2 + cr
  end
  return limit
end

return function(image, limit)
  local n = image.shape[1]
  for y = 0, n - 1 do
    for x = 0, n - 1 do image.data[y * n + x] = escape_time(-2.0 + 2.5 * x / n, -1.25 + 2.5 * y / n, limit) end
  end
end
