//! Shrinking by area: every pixel of the result is the mean of the part of the picture under it.
//!
//! `image` has filters too, but they hold a picture of floating-point numbers in between, several times as large as
//! the photo; this holds one row.

/// Shrinks 8-bit samples of `channels` each, row after row, `from` these sides `to` those, which are not larger and not 0.
pub(crate) fn shrink(samples: &[u8], channels: usize, from: (u32, u32), to: (u32, u32)) -> Vec<u8> {
    let columns = shares(from.0, to.0);
    let rows = shares(from.1, to.1);
    let stride = from.0 as usize * channels;
    let mut result = Vec::with_capacity(to.0 as usize * to.1 as usize * channels);
    let mut sums = vec![0.0_f32; to.0 as usize * channels];
    for row in &rows {
        sums.fill(0.0);
        for (y, height) in row.parts() {
            let line = &samples[y * stride..(y + 1) * stride];
            for (column, sum) in columns.iter().zip(sums.chunks_exact_mut(channels)) {
                for (x, width) in column.parts() {
                    let pixel = &line[x * channels..(x + 1) * channels];
                    for (sum, sample) in sum.iter_mut().zip(pixel) {
                        *sum += f32::from(*sample) * width * height;
                    }
                }
            }
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a mean of bytes is a byte
        result.extend(sums.iter().map(|sum| sum.round() as u8));
    }
    result
}

/// Which lines of the picture lie under one line of the result, and how much of it the first, the last and those between
/// make up.
struct Share {
    first: usize,
    last: usize,
    first_weight: f32,
    last_weight: f32,
    weight: f32,
}

impl Share {
    fn parts(&self) -> impl Iterator<Item = (usize, f32)> {
        (self.first..=self.last).map(|line| match line {
            _ if line == self.first => (line, self.first_weight),
            _ if line == self.last => (line, self.last_weight),
            _ => (line, self.weight),
        })
    }
}

#[allow(clippy::cast_precision_loss)] // weights
fn shares(from: u32, to: u32) -> Vec<Share> {
    let (from, to) = (u64::from(from), u64::from(to));
    // In units of which `to` make one line of the picture and `from` one line of the result, all is whole numbers.
    let share = |line: u64| {
        let (begin, end) = (line * from, (line + 1) * from);
        let (first, last) = (begin / to, (end - 1) / to);
        let part = |units: u64| units as f32 / from as f32;
        Share {
            first: usize::try_from(first).unwrap_or(usize::MAX),
            last: usize::try_from(last).unwrap_or(usize::MAX),
            first_weight: part(end.min((first + 1) * to) - begin),
            last_weight: part(end - last * to),
            weight: part(to),
        }
    };
    (0..to).map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_of_whole_and_of_parted_pixels() {
        assert_eq!(shrink(&[0, 100, 200, 40], 1, (4, 1), (2, 1)), [50, 120]);
        // The pixel in the middle belongs half to each side.
        assert_eq!(shrink(&[0, 90, 240], 1, (3, 1), (2, 1)), [30, 190]);
        assert_eq!(shrink(&[1, 2, 3, 4, 5, 6], 3, (2, 1), (2, 1)), [1, 2, 3, 4, 5, 6]);
        assert_eq!(shrink(&[10, 20, 30, 40], 1, (2, 2), (1, 1)), [25]);
    }

    #[test]
    fn weights_make_up_a_whole() {
        for (from, to) in [(7, 3), (4_096, 4_095), (60_000, 1), (5, 5), (8_191, 320)] {
            for share in shares(from, to) {
                let whole: f32 = share.parts().map(|(_, weight)| weight).sum();
                assert!((whole - 1.0).abs() < 0.01, "{from} to {to}: {whole}");
            }
        }
    }
}
