// Package money holds exact amounts in minor units and the arithmetic of the rule
// book, part D: currency exponents (D6), rounding, largest remainder (D1), telescoping
// partials (D3), tax from exclusive and inclusive prices (D4) and cash rounding (D7).
//
// No floating point number occurs in it. It knows nothing of accounts or events.
package money
