#!/usr/bin/env bash
# Where memory may not become executable (SELinux deny_execmem, PR_SET_MDWE) kernels run in the interpreter, and kjit says so.
. "$(dirname "$0")/expect.bash"

printf 's = 0\nfor i in range(5):\n    s += i\nprint(s)\n' > k.k
last="kjit run k.k without executable memory"
python3 - "$KJIT" run k.k >.out 2>.err <<'P'
import ctypes, os, sys
PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN = 65, 1
if ctypes.CDLL(None).prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0) != 0:
    sys.exit(77)
os.execv(sys.argv[1], sys.argv[1:])
P
code=$?
if [ "$code" = 77 ]; then echo "this system cannot refuse executable memory: not tested"; exit 0; fi
code_is 0; out_is 10; err_has "note: no machine code"; err_has "interpreted"
finish
