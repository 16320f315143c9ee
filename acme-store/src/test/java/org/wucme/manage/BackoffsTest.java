package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.store.RecordBuilder;
import org.wucme.store.TestWrites;

/** Which backoffs end, and how often. */
class BackoffsTest {

    private static void fails(Scene scene) throws IOException {
        TestWrites.saveRecord(
                scene.store,
                Scene.WWW,
                RecordBuilder.of(scene.www())
                        .failures(4)
                        .nextAttempt(scene.time.instant().plus(Duration.ofDays(1)))
                        .unreachableCa(scene.ca.directoryUrl())
                        .build());
    }

    @Test
    void aCertificateThatAlwaysFailsIsNotReleasedByEachSuccessOfAnother(@TempDir Path folder) throws Exception {
        try (Scene scene = new Scene(folder)) {
            Backoffs backoffs = new Backoffs(scene.store, scene.time);
            fails(scene);
            backoffs.endOutage(scene.ca.directoryUrl());
            assertThat(scene.record(Scene.WWW).attempts().nextAttempt()).isNull();

            fails(scene);
            backoffs.endOutage(scene.ca.directoryUrl());
            assertThat(scene.record(Scene.WWW).attempts().nextAttempt()).isNotNull();

            scene.time.advance(Duration.ofHours(1));
            backoffs.endOutage(scene.ca.directoryUrl());
            assertThat(scene.record(Scene.WWW).attempts().nextAttempt()).isNull();
        }
    }
}
