"""What kjit makes of a kernel, as text: the stages of the compiler for each specialisation."""


def stages(kernel, stage, signature=None):
    """{types: text}, or the text for the types of one signature."""
    if signature is not None:
        from kjit.compiled.signatures import argument_lists
        return kernel._emit(stage, argument_lists(signature)[0])
    return {types: kernel._emit(stage, types) for types in kernel.signatures}


def print_types(kernel, file=None):
    for types, text in stages(kernel, "typed").items():
        print(f"{kernel.__name__}({', '.join(types)})", text, sep="\n", file=file)


def print_explanation(kernel, signature=None):
    found = stages(kernel, "explain", signature)
    for text in [found] if signature is not None else found.values():
        print(text)
