-- A contestant in Lua: lua_worker.lua KERNEL.lua ANSWER RESULT ARGUMENT... answers the lines that harness/worker.py documents.
-- An array is {data = pointer, shape = {rows, columns}, size = elements, kind = "f8" or "i8"}; the file returns the kernel.

local ffi = require("ffi")
ffi.cdef [[
typedef struct { long seconds, nanoseconds; } clock_value;
int clock_gettime(int clock, clock_value *value);
]]
local WALL, CPU = 1, 2  -- CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID

local function seconds(clock)
  local value = ffi.new("clock_value")
  ffi.C.clock_gettime(clock, value)
  return tonumber(value.seconds) + 1e-9 * tonumber(value.nanoseconds)
end

local function peak_kilobytes()
  for line in io.lines("/proc/self/status") do
    local peak = line:match("^VmHWM:%s*(%d+)")
    if peak then return tonumber(peak) end
  end
end

-- 64-bit integers are read into doubles: LuaJIT's boxed integers would be measured instead of the kernel. They are exact up to 2^53.
local function load_array(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("*a")
  file:close()
  local length = text:byte(9) + 256 * text:byte(10)
  local header = text:sub(11, 10 + length)
  local kind = header:match("'descr': '[<|](%w+)'")
  local shape, size = {}, 1
  for extent in header:match("'shape': %((.-)%)"):gmatch("%d+") do
    shape[#shape + 1] = tonumber(extent)
    size = size * tonumber(extent)
  end
  local types = {f8 = "double", i8 = "int64_t", u1 = "uint8_t"}
  local source = ffi.cast("const " .. (types[kind] or error("no " .. kind .. " in Lua")) .. "*", text:sub(11 + length))
  local data = ffi.new("double[?]", size)
  for i = 0, size - 1 do data[i] = tonumber(source[i]) end
  return {data = data, shape = shape, size = size, kind = kind == "f8" and "f8" or "i8"}
end

local function store(path, kind, shape, size, element)
  local header = string.format("{'descr': '<%s', 'fortran_order': False, 'shape': (%s), }", kind, shape)
  header = header .. string.rep(" ", 63 - (10 + #header) % 64) .. "\n"
  local values = ffi.new(kind == "f8" and "double[?]" or "int64_t[?]", size)
  for i = 0, size - 1 do values[i] = element(i) end
  local file = assert(io.open(path, "wb"))
  file:write("\147NUMPY\1\0", string.char(#header % 256, math.floor(#header / 256)), header, ffi.string(values, 8 * size))
  file:close()
end

local function say(text)
  io.stdout:write(text, "\n")
  io.stdout:flush()
end

local kernel, answer, result = assert(dofile(arg[1])), arg[2], arg[3]
local arguments = {}
for i = 4, #arg do
  arguments[#arguments + 1] = arg[i]:sub(1, 1) == "@" and load_array(arg[i]:sub(2)) or tonumber(arg[i])
end
local filled = arguments[(tonumber(result) or -1) + 1]

local function store_answer(value)
  if filled then
    return store(answer, filled.kind, table.concat(filled.shape, ", ") .. ",", filled.size, function(i) return filled.data[i] end)
  end
  store(answer, result, "", 1, function() return value end)
end

local original = filled and ffi.new("double[?]", filled.size)
if filled then ffi.copy(original, filled.data, 8 * filled.size) end
local before, begin = peak_kilobytes(), seconds(WALL)
local value = kernel(unpack(arguments))
say(string.format('{"first_s": %.9g, "before_kb": %d, "peak_kb": %d}', seconds(WALL) - begin, before, peak_kilobytes()))
store_answer(value)
for line in io.lines() do
  local count = tonumber(line:match("^time (%d+)"))
  if not count then
    if filled then ffi.copy(filled.data, original, 8 * filled.size) end
    store_answer(kernel(unpack(arguments)))
    say(string.format('{"peak_kb": %d}', peak_kilobytes()))
    break
  end
  local cpu, wall = seconds(CPU), seconds(WALL)
  for _ = 1, count do kernel(unpack(arguments)) end
  say(string.format('{"wall_s": %.9g, "cpu_s": %.9g}', seconds(WALL) - wall, seconds(CPU) - cpu))
end
