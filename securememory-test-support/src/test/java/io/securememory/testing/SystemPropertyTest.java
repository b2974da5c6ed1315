package io.securememory.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

@OnEverySystem
class SystemPropertyTest {

    private static final String NAME = SystemPropertyTest.class.getName();

    @Test
    void theValueBeforeComesBack() {
        try (SystemProperty outer = SystemProperty.set(NAME, "outer")) {
            assertThat(outer).isNotNull();
            try (SystemProperty inner = SystemProperty.set(NAME, "inner")) {
                assertThat(inner).isNotNull();
                assertThat(System.getProperty(NAME)).isEqualTo("inner");
            }
            assertThat(System.getProperty(NAME)).isEqualTo("outer");
        }
        assertThat(System.getProperty(NAME)).isNull();
    }
}
