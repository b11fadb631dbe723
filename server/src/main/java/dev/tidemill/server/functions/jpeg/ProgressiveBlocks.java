package dev.tidemill.server.functions.jpeg;

/// Blocks that come in several scans (T.81, annex G).
sealed interface ProgressiveBlocks extends BlockReader {
    int ZEROS = 15;

    static BlockReader of(Scan scan, Scan.Part part, Tables tables, BitReader bits)
            throws BrokenJpegException {
        if (scan.from() > 0) {
            return new Others(bits, tables.others(part.others()), scan);
        }
        return scan.before() == 0
                ? new First(bits, tables.first(part.first()), part.component(), scan.below())
                : new FirstAgain(bits, scan.below());
    }

    /// The first coefficient, without its lowest bits.
    record First(BitReader bits, HuffmanTable code, Component component, int below)
            implements ProgressiveBlocks {
        @Override
        public void read(short[] coefficients, int block) throws BrokenJpegException {
            component.last += bits.readSigned(code.read(bits));
            coefficients[block] = (short) (component.last << below);
        }

        @Override
        public void restart() {
            component.last = 0;
        }
    }

    /// One more bit of the first coefficient.
    record FirstAgain(BitReader bits, int below) implements ProgressiveBlocks {
        @Override
        public void read(short[] coefficients, int block) throws BrokenJpegException {
            coefficients[block] |= (short) (bits.read(1) << below);
        }

        @Override
        public void restart() {
            // blocks say nothing of each other
        }
    }

    /// The other coefficients: without their lowest bits, or one more bit of them.
    final class Others implements ProgressiveBlocks {
        private final BitReader bits;
        private final HuffmanTable code;
        private final Scan scan;

        /// Blocks from here that bring nothing new.
        private int empty;

        Others(BitReader bits, HuffmanTable code, Scan scan) {
            this.bits = bits;
            this.code = code;
            this.scan = scan;
        }

        @Override
        public void read(short[] coefficients, int block) throws BrokenJpegException {
            if (scan.before() == 0) {
                begin(coefficients, block);
            } else {
                refine(coefficients, block);
            }
        }

        @Override
        public void restart() {
            empty = 0;
        }

        private void begin(short[] coefficients, int block) throws BrokenJpegException {
            if (empty > 0) {
                empty--;
                return;
            }
            for (int k = scan.from(); k <= scan.to(); k++) {
                int symbol = code.read(bits);
                int zeros = symbol >> 4;
                int size = symbol & 0xf;
                k += zeros;
                if (size == 0) {
                    if (zeros != ZEROS) {
                        empty = emptyBlocks(zeros) - 1;
                        return;
                    }
                    continue;
                }
                requireWithin(k);
                coefficients[block + Tables.ZIGZAG[k]] =
                        (short) (bits.readSigned(size) << scan.below());
            }
        }

        private void refine(short[] coefficients, int block) throws BrokenJpegException {
            int k = scan.from();
            while (empty == 0 && k <= scan.to()) {
                int symbol = code.read(bits);
                int zeros = symbol >> 4;
                int size = symbol & 0xf;
                if (size == 0 && zeros != ZEROS) {
                    empty = emptyBlocks(zeros);
                    break;
                }
                if (size > 1) {
                    throw new BrokenJpegException("a refinement of more than a bit");
                }
                int value = size == 0 ? 0 : bits.read(1) == 1 ? bit() : -bit();
                k = refine(coefficients, block, k, zeros);
                if (value != 0) {
                    requireWithin(k);
                    coefficients[block + Tables.ZIGZAG[k]] = (short) value;
                }
                k++;
            }
            if (empty > 0) {
                refine(coefficients, block, k, Integer.MAX_VALUE);
                empty--;
            }
        }

        /// Takes a bit for each coefficient that is not zero, until it has gone over so many zeros.
        ///
        /// @return where it stopped, at the zero behind those, or behind the last
        private int refine(short[] coefficients, int block, int from, int zeros)
                throws BrokenJpegException {
            int left = zeros;
            int k = from;
            for (; k <= scan.to(); k++) {
                int place = block + Tables.ZIGZAG[k];
                int value = coefficients[place];
                if (value == 0) {
                    if (left == 0) {
                        break;
                    }
                    left--;
                } else if (bits.read(1) == 1 && (value & bit()) == 0) {
                    coefficients[place] = (short) (value >= 0 ? value + bit() : value - bit());
                }
            }
            return k;
        }

        private int emptyBlocks(int size) throws BrokenJpegException {
            return (1 << size) + bits.read(size);
        }

        private int bit() {
            return 1 << scan.below();
        }

        private void requireWithin(int k) throws BrokenJpegException {
            if (k > scan.to()) {
                throw new BrokenJpegException("a block with too many numbers");
            }
        }
    }
}
