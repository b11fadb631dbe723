package dev.tidemill.rehearsal.articles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.rehearsal.articles.ArticleDay.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ArticlePageTest {
    private static final Path PAGE = Path.of("..", "docs", "article-figures.md");

    @Test
    void the_page_is_what_the_replay_says() throws IOException {
        String page = ArticlePage.text();
        if (Boolean.getBoolean("tidemill.update")) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).as("write it anew with -Dtidemill.update=true").hasContent(page);
    }

    @Test
    void the_article_s_numbers_of_pods_follow_from_its_rules() {
        for (long seed = 1; seed <= 3; seed++) {
            for (Row row : new ArticleDay(seed).rows()) {
                assertThat(row.mean())
                        .as("seed %d, %s", seed, row)
                        .isBetween(row.article().fewest() - 1.0, row.article().most() + 2.0);
                assertThat(row.fewest()).isGreaterThanOrEqualTo(row.article().fewest() - 1);
                assertThat(row.most()).isLessThanOrEqualTo(row.article().most() + 4);
            }
        }
    }
}
