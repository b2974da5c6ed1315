package io.securememory.spring.boot.autoconfigure;

import io.securememory.SecureMemory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Beans that the endpoint, the health indicator, the information contributor and the log share. */
@Configuration(proxyBeanMethods = false)
class OperatorConfiguration {

    @Bean("io.securememory.protectionCheck")
    ProtectionCheck protectionCheck(SecureMemory secureMemory) {
        return new ProtectionCheck(secureMemory::protection, System::nanoTime);
    }

    @Bean("io.securememory.protectionLog")
    ProtectionLog protectionLog(ProtectionCheck protectionCheck, ChosenEngine chosenEngine) {
        return new ProtectionLog(
                () -> chosenEngine.addIfChosen(protectionCheck.last().report()), ProtectionLog::startThread);
    }

    @Bean("io.securememory.canaryViolations")
    CanaryViolations canaryViolations() {
        return new CanaryViolations();
    }
}
