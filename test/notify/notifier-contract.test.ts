import { describeNotifier } from '../contract/notifier.ts';
import { httpServices } from '../support/channels/services.ts';

for (const service of httpServices) describeNotifier(service);
