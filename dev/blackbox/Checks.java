/// Counts what held and what did not, and says so as it goes.
final class Checks {
    private int passed;
    private int failed;

    void that(String sentence, boolean holds) {
        System.out.println((holds ? "ok      " : "FAILED  ") + sentence);
        if (holds) {
            passed++;
        } else {
            failed++;
        }
    }

    int passed() {
        return passed;
    }

    int failed() {
        return failed;
    }
}
