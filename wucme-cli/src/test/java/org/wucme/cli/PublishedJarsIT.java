package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What others get: the jars as the build packs them. */
class PublishedJarsIT {

    private static final Path ROOT = Path.of("..");
    private static final Path COMMAND = Path.of("target", "wucme.jar");
    private static final String LICENSE = "META-INF/LICENSE";
    private static final String LIBRARIES =
            "(okhttp-jvm|okio-jvm|kotlin-stdlib|jackson-|nimbus-jose-jwt|bc|slf4j-api|jspecify).*\\.jar";

    private static final String PRINT_USER_AGENT = """
            import okhttp3.OkHttpClient;
            import org.wucme.acme.AcmeClient;
            import org.wucme.acme.Ca;

            class PrintUserAgent {
                public static void main(String[] args) throws Exception {
                    OkHttpClient http = new OkHttpClient.Builder().addInterceptor(chain -> {
                        System.out.println(chain.request().header("User-Agent"));
                        System.exit(0);
                        return null;
                    }).build();
                    AcmeClient.builder(Ca.LETS_ENCRYPT_STAGING).httpClient(http).build().fetchDirectory();
                }
            }
            """;

    @TempDir
    Path folder;

    private String expected;

    @BeforeEach
    void readVersion() throws IOException {
        expected = "wucme/" + VersionCommand.versions().getProperty("wucme") + " okhttp/";
    }

    @ParameterizedTest
    @ValueSource(strings = {"acme-core", "acme-challenges", "acme-store", "wucme-cli"})
    void eachJarCarriesTheLicense(String module) throws IOException {
        assertThat(read(jar(module, ""), LICENSE)).isEqualTo(Files.readString(ROOT.resolve("LICENSE")));
    }

    @Test
    void theJarOfTheTestCaCarriesTheLicense() throws IOException {
        assertThat(read(jar("acme-core", "-tests"), LICENSE)).isEqualTo(Files.readString(ROOT.resolve("LICENSE")));
    }

    @Test
    void theCommandsJarCarriesItsLicenseAndThoseOfItsLibraries() throws IOException {
        assertThat(read(COMMAND, LICENSE))
                .contains(Files.readString(ROOT.resolve("LICENSE")).strip())
                .contains("dnsjava authors");
    }

    @Test
    void theLibraryTellsCasItsVersionFromTheClassPath() throws Exception {
        assertThat(userAgent("--class-path", jar("acme-core", "") + File.pathSeparator + libraries()))
                .contains(expected);
    }

    @Test
    void theLibraryTellsCasItsVersionFromTheModulePath() throws Exception {
        assertThat(userAgent(
                        "--module-path",
                        jar("acme-core", "") + File.pathSeparator + libraries(),
                        "--add-modules",
                        "org.wucme.acme"))
                .contains(expected);
    }

    @Test
    void theLibraryTellsCasItsVersionWhenItIsPartOfAnotherJar() throws Exception {
        assertThat(userAgent("--class-path", COMMAND.toString())).contains(expected);
    }

    private String userAgent(String... options) throws Exception {
        Path program = Files.writeString(folder.resolve("PrintUserAgent.java"), PRINT_USER_AGENT);
        Path printed = folder.resolve("printed");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-XX:TieredStopAtLevel=1", program.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        process.waitFor();
        return Files.readString(printed);
    }

    private static Path jar(String module, String classifier) throws IOException {
        String name = module + "-\\d[\\d.]*(-SNAPSHOT)?" + classifier + "\\.jar";
        try (Stream<Path> files = Files.list(ROOT.resolve(module).resolve("target"))) {
            return files.filter(file -> file.getFileName().toString().matches(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String libraries() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(element -> Path.of(element).getFileName().toString().matches(LIBRARIES))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String read(Path jar, String name) throws IOException {
        try (JarFile file = new JarFile(jar.toFile());
                InputStream in = file.getInputStream(Objects.requireNonNull(file.getEntry(name), name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
