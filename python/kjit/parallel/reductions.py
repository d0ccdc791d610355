"""What the iterations of a loop accumulate: the rules of jit/analysis/reductions.cpp and races.cpp, for operators whose result
depends on the order.

Integers are exact in any order, and minima, maxima and flags taken in order are what blocks of them combine to. That leaves +
and * of floats and complex numbers; which values are such is seen when the loop runs (blocks.py). A name is reduced if all its
occurrences in the loop belong to updates by one operator, so what is not recognised is never overlooked.
"""

import ast
from collections import Counter, namedtuple

from kjit.parallel.callees import passed_arrays
from kjit.parallel.expansion import Expansion
from kjit.parallel.linear import touch_own_elements
from kjit.parallel.updates import array_update, is_array_update, scalar_update, shape_read
from kjit.parallel.walk import live, names_in, own_nodes


# Tuples of pairs (name, operator), and the other names that the loop reads: arrays among them may share memory with reduced ones.
Reductions = namedtuple("Reductions", "scalars arrays others")


def find_reductions(nest, names):
    """Of the iterations of these loops, outermost first, each of which is the whole body of the one before."""
    body = live(nest[0].body)
    nodes = list(own_nodes(body))
    occurrences = Counter(name for part in body for node in ast.walk(part) for name in _mentioned(node))
    scalars = _accumulated(map(scalar_update, nodes), occurrences)
    arrays = _accumulated((found for node in nodes for found in _array_updates(node, names)), occurrences)
    expansion = Expansion(body, names)
    arrays = tuple((name, operator) for name, operator in arrays
                   if not touch_own_elements([expansion.of(part) for part in _subscripts(nodes, name, names)], nest))
    others = names_in(body) - {name for name, _ in arrays} if arrays else ()
    return Reductions(tuple((name, operator) for name, operator in scalars if name in names.locals), arrays, tuple(sorted(others)))


def _mentioned(node):
    """Names that a node reads or binds, other than through Name nodes in it."""
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, (ast.Global, ast.Nonlocal)):
        return node.names
    if isinstance(node, ast.keyword):
        return []
    bound = [getattr(node, field, None) for field in ("name", "arg", "asname", "rest")]
    return [name for name in bound if isinstance(name, str)]


def _accumulated(updates, occurrences):
    """Names all of whose occurrences are in `updates`, triples (name, operator or None, occurrences), with one operator."""
    explained, operators = Counter(), {}
    for name, operator, count in filter(None, updates):
        explained[name] += count
        operators.setdefault(name, set()).update(operator or ())
    return [(name, *found) for name, found in operators.items() if len(found) == 1 and explained[name] == occurrences[name]]


def _array_updates(node, names):
    """Triples of the statement or expression itself, or of what a kernel does that it calls."""
    found = [array_update(node), shape_read(node)]
    if isinstance(node, ast.Call):
        found += [(name, operator, count) for name, operators, _ in passed_arrays(node, names)
                  for count, operator in enumerate(sorted(operators, reverse=True), 2 - len(operators))]
    return found


def _subscripts(nodes, name, names):
    for node in nodes:
        if is_array_update(node) and node.target.value.id == name:
            yield node.target.slice
        if isinstance(node, ast.Call):
            yield from (part for passed, _, inner in passed_arrays(node, names) if passed == name for part in inner)
