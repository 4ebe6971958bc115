// Package money holds exact amounts in minor units and the arithmetic of the rule
// book, part D: currency exponents (D6), rounding (0.1), largest remainder (D1),
// telescoping partials (D3), rates and tax from exclusive and inclusive prices (D4), and
// cash rounding (D7).
//
// No floating point number occurs in it: products are exact in 128 bits and rounded once.
// It knows nothing of accounts, events or dates.
package money
