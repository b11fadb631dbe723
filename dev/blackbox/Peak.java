/// The highest number seen.
final class Peak {
    private int highest;

    void see(int value) {
        highest = Math.max(highest, value);
    }

    int highest() {
        return highest;
    }
}
