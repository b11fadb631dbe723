package dev.tidemill.server.functions.jpeg;

/// Reads the blocks of a scan in their order, with restarts.
final class ScanReader {
    private final Frame frame;
    private final Scan scan;
    private final Tables tables;
    private final BitReader bits;
    private int restarts;
    private int untilRestart;

    ScanReader(Frame frame, Scan scan, Tables tables, BitReader bits) {
        this.frame = frame;
        this.scan = scan;
        this.tables = tables;
        this.bits = bits;
        this.untilRestart = tables.restartInterval;
    }

    void read() throws BrokenJpegException {
        BlockReader[] readers = new BlockReader[scan.parts().size()];
        for (int i = 0; i < readers.length; i++) {
            Scan.Part part = scan.parts().get(i);
            readers[i] =
                    frame.progressive()
                            ? ProgressiveBlocks.of(scan, part, tables, bits)
                            : new SequentialBlocks(
                                    bits,
                                    part.component(),
                                    tables.first(part.first()),
                                    tables.others(part.others()));
        }
        if (readers.length == 1) {
            one(scan.parts().getFirst().component(), readers[0]);
        } else {
            units(readers);
        }
    }

    /// A component alone has no blocks that only fill up units.
    private void one(Component component, BlockReader reader) throws BrokenJpegException {
        for (int row = 0; row < component.high; row++) {
            for (int column = 0; column < component.wide; column++) {
                begin(reader);
                reader.read(component.coefficients, component.block(row, column));
            }
        }
    }

    private void units(BlockReader[] readers) throws BrokenJpegException {
        Component some = scan.parts().getFirst().component();
        int wide = some.stride / some.across;
        int high = some.coefficients.length / Component.BLOCK / some.stride / some.down;
        for (int row = 0; row < high; row++) {
            for (int column = 0; column < wide; column++) {
                begin(readers);
                for (int i = 0; i < readers.length; i++) {
                    unit(scan.parts().get(i).component(), readers[i], row, column);
                }
            }
        }
    }

    private static void unit(Component component, BlockReader reader, int row, int column)
            throws BrokenJpegException {
        for (int y = 0; y < component.down; y++) {
            for (int x = 0; x < component.across; x++) {
                int block =
                        component.block(row * component.down + y, column * component.across + x);
                reader.read(component.coefficients, block);
            }
        }
    }

    private void begin(BlockReader... readers) throws BrokenJpegException {
        if (tables.restartInterval == 0) {
            return;
        }
        if (untilRestart == 0) {
            bits.restart(restarts++ & 7);
            for (BlockReader reader : readers) {
                reader.restart();
            }
            untilRestart = tables.restartInterval;
        }
        untilRestart--;
    }
}
