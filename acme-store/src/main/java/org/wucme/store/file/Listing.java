package org.wucme.store.file;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.wucme.store.StoreException;

/**
 * The files of a folder at one moment. File names are the same in any case, as they are where wµCME comes from: a file
 * keeps the spelling it has, a new one is in upper case.
 */
final class Listing {

    private final Path folder;
    private final NavigableMap<String, List<Path>> byName = new TreeMap<>();

    Listing(Path folder, Collection<Path> files) {
        this.folder = folder;
        for (Path file : files) {
            byName.computeIfAbsent(key(file), unused -> new ArrayList<>()).add(file);
        }
    }

    /**
     * Where a file is, or would be.
     *
     * @throws StoreException if there are several that differ in the case of their names
     */
    Path find(String fileName) throws StoreException {
        List<Path> found = byName.getOrDefault(fileName.toUpperCase(Locale.ROOT), List.of());
        if (found.size() > 1) {
            throw new StoreException(found.get(0) + " and " + found.get(1)
                    + " differ only in upper and lower case: move the one that is not in use away");
        }
        return found.isEmpty() ? folder.resolve(fileName) : found.get(0);
    }

    /** The names that any file, even a left-over one, belongs to. */
    Set<String> names() {
        Set<String> names = new TreeSet<>();
        byName.keySet().forEach(file -> FileNames.nameIn(file).ifPresent(names::add));
        return names;
    }

    /** The names that have a certificate or a renewal record. */
    Set<String> storedNames() {
        Set<String> names = names();
        names.removeIf(name -> !isStored(name));
        return names;
    }

    boolean isStored(String name) {
        return byName.containsKey(FileNames.certificate(name)) || byName.containsKey(FileNames.renewal(name));
    }

    boolean hasRecord(String name) {
        return byName.containsKey(FileNames.renewal(name));
    }

    /** Whether a file is here. */
    boolean contains(Path file) {
        return byName.getOrDefault(key(file), List.of()).contains(file);
    }

    /** The files whose names begin so, in the order of names. */
    List<Path> startingWith(String fileName) {
        String prefix = fileName.toUpperCase(Locale.ROOT);
        return byName.subMap(prefix, true, prefix + Character.MAX_VALUE, false).values().stream()
                .flatMap(List::stream)
                .toList();
    }

    /** The certificate files, by the names of the certificates. */
    Map<String, Path> certificates() {
        Map<String, Path> certificates = new TreeMap<>();
        for (String name : names()) {
            List<Path> files = byName.get(FileNames.certificate(name));
            if (files != null) {
                certificates.put(name, files.get(0));
            }
        }
        return certificates;
    }

    /** The files that are not called in upper case only, all of one name together, by that name in upper case. */
    Map<String, List<Path>> inOtherSpelling() {
        Map<String, List<Path>> others = new HashMap<>();
        byName.forEach((key, files) -> {
            if (files.size() > 1 || !nameOf(files.get(0)).equals(key)) {
                others.put(key, List.copyOf(files));
            }
        });
        return others;
    }

    private static String key(Path file) {
        return nameOf(file).toUpperCase(Locale.ROOT);
    }

    private static String nameOf(Path file) {
        return String.valueOf(file.getFileName());
    }
}
