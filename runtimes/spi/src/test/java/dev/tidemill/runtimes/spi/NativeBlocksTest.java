package dev.tidemill.runtimes.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NativeBlocksTest {
    private final NativeBlocks blocks = new NativeBlocks();

    @ParameterizedTest
    @ValueSource(longs = {3, 14, 159})
    void parts_of_a_block_do_not_touch_each_other(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] sizes = random.ints(1 + random.nextInt(20), 0, 1000).toArray();
        long room = 0;
        for (int size : sizes) {
            room += NativeBlocks.room(size);
        }
        ByteBuffer block = blocks.borrow(room);
        List<ByteBuffer> parts = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) {
            ByteBuffer part = NativeBlocks.part(block, sizes[i]);
            while (part.hasRemaining()) {
                part.put((byte) i);
            }
            parts.add(part.flip());
        }
        for (int i = 0; i < sizes.length; i++) {
            ByteBuffer part = parts.get(i);
            assertThat(part.remaining()).as("seed %d, part %d", seed, i).isEqualTo(sizes[i]);
            assertThat(part.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
            while (part.hasRemaining()) {
                assertThat(part.get()).as("seed %d, part %d", seed, i).isEqualTo((byte) i);
            }
        }
    }

    @Test
    void a_block_is_used_again_from_its_beginning() {
        ByteBuffer first = blocks.borrow(100);
        NativeBlocks.part(first, 100);
        blocks.giveBack(first);

        ByteBuffer second = blocks.borrow(200);

        assertThat(second).isSameAs(first);
        assertThat(second.position()).isZero();
        assertThat(blocks.borrow(100)).isNotSameAs(first);
    }

    @Test
    void a_block_that_is_too_small_makes_room_for_a_larger_one() {
        ByteBuffer small = blocks.borrow(100);
        blocks.giveBack(small);

        ByteBuffer large = blocks.borrow(100_000);
        blocks.giveBack(large);

        assertThat(large.capacity()).isGreaterThanOrEqualTo(100_000);
        assertThat(blocks.borrow(100)).isSameAs(large);
    }

    @Test
    void very_large_blocks_are_not_kept() {
        ByteBuffer huge = blocks.borrow(5 << 20);
        blocks.giveBack(huge);

        assertThat(huge.capacity()).isEqualTo(5 << 20);
        assertThat(blocks.borrow(5 << 20)).isNotSameAs(huge);
    }

    @Test
    void nothing_takes_no_block() {
        ByteBuffer nothing = blocks.borrow(0);
        blocks.giveBack(nothing);

        assertThat(NativeBlocks.part(nothing, 0).remaining()).isZero();
        assertThat(blocks.borrow(1)).isNotSameAs(nothing);
    }
}
