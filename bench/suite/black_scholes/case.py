"""Prices of call and put options after Black and Scholes.

Measures: log, exp, erfc of the C library, one option an iteration. Does not measure: memory. Under fastmath: vectorised functions.
"""
import numpy as np

SIZES = {"full": 300_000, "quick": 50_000}
RESULT = 1
FASTMATH = True
RTOL = 1e-7


def inputs(n):
    return 20.0 + 40.0 * np.arange(n) / n, np.zeros((2, n))


def numpy_form(strikes, prices):
    import math
    erfc = np.vectorize(math.erfc)
    spread = 0.2 * math.sqrt(0.5)
    d1 = (np.log(42.0 / strikes) + (0.1 + 0.5 * 0.2 ** 2) * 0.5) / spread
    d2 = d1 - spread
    cdf = lambda x: 0.5 * erfc(-x / math.sqrt(2.0))
    discounted = strikes * math.exp(-0.1 * 0.5)
    prices[0] = 42.0 * cdf(d1) - discounted * cdf(d2)
    prices[1] = discounted * cdf(-d2) - 42.0 * cdf(-d1)


def jax_form(strikes, prices):
    import math
    import jax.numpy as jnp
    from jax.scipy.special import erfc
    spread = 0.2 * math.sqrt(0.5)
    d1 = (jnp.log(42.0 / strikes) + (0.1 + 0.5 * 0.2 ** 2) * 0.5) / spread
    d2 = d1 - spread
    cdf = lambda x: 0.5 * erfc(-x / math.sqrt(2.0))
    discounted = strikes * math.exp(-0.1 * 0.5)
    return jnp.stack([42.0 * cdf(d1) - discounted * cdf(d2), discounted * cdf(-d2) - 42.0 * cdf(-d1)])
