package org.wucme.cli.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PassedOnTest {

    @ParameterizedTest
    @ValueSource(strings = {"PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "WUCME_HERE"})
    void whatAProgramNeedsToWorkIsPassedOn(String variable) {
        assertThat(PassedOn.of(Map.of(variable, "value"))).containsExactly(Map.entry(variable, "value"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AWS_SECRET_ACCESS_KEY",
                "AZURE_CLIENT_SECRET",
                "GITHUB_TOKEN",
                "PG_PASSWORD",
                "WUCME_SMTP_PASSWORD",
                "WUCME_EAB_KEY",
                "WUCME_LOAD",
                "WUCME_JAVA_OPTS",
                "https_proxy",
                "LD_PRELOAD",
                "BASH_ENV",
                "IFS",
                "JAVA_TOOL_OPTIONS",
                "path",
                "LCD"
            })
    void theRestMayBeSecret(String variable) {
        assertThat(PassedOn.of(Map.of(variable, "value"))).isEmpty();
    }

    @Test
    void aProgramHasNothingElse() throws IOException {
        Set<String> names = new ConcurrentSkipListSet<>();

        new Command(List.of("env"), Duration.ofSeconds(30))
                .run(Map.of("WUCME_EVENT", "load"), "", line -> names.add(line.replaceFirst("=.*", "")));

        assertThat(names)
                .contains("PATH", "WUCME_EVENT")
                .allMatch(name -> name.equals("WUCME_EVENT")
                        || PassedOn.of(Map.of(name, "")).containsKey(name));
    }
}
