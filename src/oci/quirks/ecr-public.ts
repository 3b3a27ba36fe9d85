import type { RegistryQuirk } from './quirk.ts';

/** Few requests per second are let through without a login. */
export const ecrPublic: RegistryQuirk = {
  name: 'Amazon ECR Public',
  hosts: /^public\.ecr\.aws$/,
  concurrency: 4,
  login:
    'log in with "aws ecr-public get-login-password --region us-east-1 | docker login --username AWS --password-stdin public.ecr.aws", which also raises its limits',
  sources: [
    'https://docs.aws.amazon.com/AmazonECR/latest/public/public-registry-auth.html',
    'https://docs.aws.amazon.com/AmazonECR/latest/public/public-service-quotas.html',
  ],
};
