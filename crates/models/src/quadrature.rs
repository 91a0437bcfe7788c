//! Gauss–Legendre integration with 16 nodes a panel (Abramowitz & Stegun, table 25.4).

/// Half of the nodes on [-1, 1], and their weights; the others mirror them.
pub(crate) const NODES: [(f64, f64); 8] = [
    (0.095_012_509_837_637_44, 0.189_450_610_455_068_5),
    (0.281_603_550_779_258_9, 0.182_603_415_044_923_6),
    (0.458_016_777_657_227_4, 0.169_156_519_395_002_54),
    (0.617_876_244_402_643_7, 0.149_595_988_816_576_73),
    (0.755_404_408_355_003, 0.124_628_971_255_533_87),
    (0.865_631_202_387_831_7, 0.095_158_511_682_492_78),
    (0.944_575_023_073_232_6, 0.062_253_523_938_647_89),
    (0.989_400_934_991_649_9, 0.027_152_459_411_754_095),
];

/// The nodes of all panels between `from` and `to`, each with its weight.
pub(crate) fn nodes(from: f64, to: f64, panels: u32) -> impl Iterator<Item = (f64, f64)> {
    let half = (to - from) / f64::from(panels) / 2.0;
    (0..panels).flat_map(move |panel| {
        let middle = from + half * f64::from(2 * panel + 1);
        NODES.iter().flat_map(move |&(node, weight)| {
            [(middle - half * node, half * weight), (middle + half * node, half * weight)]
        })
    })
}

#[cfg(test)]
pub(crate) fn integral(from: f64, to: f64, panels: u32, f: impl Fn(f64) -> f64) -> f64 {
    nodes(from, to, panels).map(|(x, weight)| weight * f(x)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polynomials_up_to_degree_31_are_exact() {
        assert!((integral(0.0, 1.0, 1, |x| x.powi(31)) - 1.0 / 32.0).abs() < 1e-16);
        assert!((integral(0.0, 2.0, 3, f64::exp) - 2.0_f64.exp() + 1.0).abs() < 1e-14);
    }
}
