import type { RegistryQuirk } from './quirk.ts';

/** Logins are Basic, are worth twelve hours, and are of one region. */
export const ecr: RegistryQuirk = {
  name: 'Amazon ECR',
  hosts: /^\d{12}\.dkr[.-]ecr(?:-fips)?\.[\w-]+\.(?:amazonaws\.com(?:\.cn)?|on\.aws)$/,
  login:
    'log in with "aws ecr get-login-password | docker login --username AWS --password-stdin HOST" or the helper ecr-login; such a login is good for 12 hours and for one region',
  sources: [
    'https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html',
    'https://github.com/awslabs/amazon-ecr-credential-helper',
  ],
};
