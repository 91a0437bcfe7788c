//! Against values of 40 digits from mpmath 1.3.

use super::*;

#[track_caller]
fn assert_close(found: f64, known: f64, relative: f64) {
    assert!((found - known).abs() <= relative * known.abs().max(1e-300), "{found} instead of {known}");
}

#[test]
fn ln_gamma_is_right_to_the_last_digits() {
    for (x, known) in [
        (0.001, 6.907_178_885_383_854),
        (0.243, 1.318_043_584_699_669_8),
        (0.5, 0.572_364_942_924_700_1),
        (1.5, -0.120_782_237_635_245_22),
        (2.5, 0.284_682_870_472_919_1),
        (4.414, 2.335_220_052_201_891),
        (10.25, 13.368_023_671_476_046),
        (100.5, 361.435_540_467_777_6),
        (12345.678, 103_959.919_905_546_07),
        (1e8, 1_742_068_066.103_834_7),
    ] {
        assert_close(ln_gamma(x), known, 5e-15);
    }
}

#[test]
fn digamma_is_good_enough_for_gradients() {
    for (x, known) in [
        (0.001, -1_000.575_571_931_810_3),
        (0.243, -4.351_093_864_423_211),
        (0.5, -1.963_510_026_021_423_5),
        (1.5, 0.036_489_973_978_576_52),
        (4.414, 1.367_249_664_207_545),
        (10.25, 2.277_704_790_686_724),
        (100.5, 4.605_174_352_581_845),
        (12345.678, 9.421_020_820_741_761),
        (1e8, 18.420_680_738_952_365),
    ] {
        assert_close(digamma(x), known, 5e-13);
    }
}

#[test]
fn ln_beta_does_not_lose_digits_when_one_side_is_large() {
    for (a, b, known) in [
        (0.793, 2.426, -0.511_569_288_593_703_2),
        (5.0, 2000.0, -34.831_454_721_523_61),
        (0.5, 1e6, -6.335_390_211_057_437),
        (3.25, 1e9, -66.414_812_042_623_36),
        (1e5, 2e5, -190_958.885_279_116_85),
    ] {
        assert_close(ln_beta(a, b), known, 1e-12);
        assert_close(ln_beta(b, a), known, 1e-12);
    }
}

#[test]
fn the_hypergeometric_function_agrees() {
    for (a, b, c, z, known) in [
        (0.243, 2.426, 2.219, 0.9, 1.947_631_169_818_601_4),
        (26.243, 28.426, 28.219, 0.6, 33_237_064_884.615_797),
        (1.0, 3.806, 4.474, 0.9, 5.575_272_947_468_942),
        (0.5, 0.5, 1.5, 0.25, 1.047_197_551_196_597_7),
        (2.0, 0.75, 4.5, 0.999, 1.814_655_113_409_278_3),
        (10.5, 1.606, 11.5, 0.3, 1.675_654_570_067_417_3),
        (1.0, 2.0, 0.5, 0.99, 234_438.592_862_654_06),
    ] {
        assert_close(hyp2f1(a, b, c, z), known, 1e-11);
    }
    assert!(hyp2f1(1.0, 1.0, 2.0, 1.0).is_nan());
    assert!(hyp2f1(1.0, 1.0, -1.0, 0.5).is_nan());
}

#[test]
fn quantiles_and_tails_agree() {
    for (p, known) in
        [(0.025, -1.959_963_984_540_054_2), (0.9, 1.281_551_565_544_600_5), (0.9995, 3.290_526_731_491_895)]
    {
        assert_close(normal_quantile(p), known, 1e-12);
        assert_close(normal_cdf(known), p, 1e-13);
    }
    for (x, degrees, known) in [
        (3.841, 1.0, 0.050_013_683_763_956_7),
        (16.79, 1.0, 4.175_275_138_919_788e-5),
        (10.0, 4.0, 0.040_427_681_994_512_8),
        (40.0, 7.0, 1.258_790_387_371_308_8e-6),
    ] {
        assert_close(chi_squared_above(x, degrees), known, 1e-11);
    }
    // Tables of Student's distribution.
    for (degrees, printed) in [(1.0, 12.706), (4.0, 2.776), (30.0, 2.042), (120.0, 1.980)] {
        assert!((student_95(degrees) - printed).abs() < 0.000_6, "{degrees}");
    }
}
