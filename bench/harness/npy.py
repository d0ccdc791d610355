"""Reads the .npy files of answers without NumPy: elements as a flat sequence of Python numbers."""

import array
import ast
import dataclasses

# NumPy's type text -> typecode of the module array. Complex numbers are pairs of floats.
TYPECODES = {"b1": "B", "i1": "b", "u1": "B", "i2": "h", "u2": "H", "i4": "i", "u4": "I", "i8": "q", "u8": "Q", "f4": "f", "f8": "d",
             "c8": "f", "c16": "d"}


@dataclasses.dataclass
class Answer:
    dtype: str    # NumPy's, without byte order: "f8"
    shape: tuple
    values: array.array

    def is_float(self):
        return self.dtype[0] in "fc"


def read(path):
    with open(path, "rb") as file:
        data = file.read()
    if data[:6] != b"\x93NUMPY":
        raise ValueError(f"{path}: not a .npy file")
    wide = data[6] > 1
    begin = 12 if wide else 10
    length = int.from_bytes(data[8:begin], "little")
    header = ast.literal_eval(data[begin:begin + length].decode("latin1").strip())
    dtype = header["descr"].lstrip("<|=")
    if dtype not in TYPECODES or header["fortran_order"]:
        raise ValueError(f"{path}: {header['descr']} in this order cannot be compared")
    values = array.array(TYPECODES[dtype])
    values.frombytes(data[begin + length:])
    return Answer(dtype, tuple(header["shape"]), values)
