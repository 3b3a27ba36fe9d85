export{t as image,n as imagesOfObject,r as imagesOfPod,i as objectType,a as objectsOf,o as reader}from"./kubernetes.js";
